import type { Token } from "marked";

/** The way a part of a sentence stands out. */
export type SpanStyle = "plain" | "strong" | "code";

/** A part of a sentence in one style. */
export interface Span {
  /** The text, without Markdown's marks; line breaks are as good as spaces. */
  readonly text: string;
  /** The style. */
  readonly style: SpanStyle;
}

/** A sentence's parts. Of a link its text alone stays. */
export function spansOf(tokens: readonly Token[] = []): Span[] {
  return tokens.flatMap((token): Span[] => {
    switch (token.type) {
      case "codespan":
        return [{ text: token.text, style: "code" }];
      case "strong":
        return spansOf(token.tokens).map((span) => ({ ...span, style: "strong" }));
      case "text":
      case "link":
      case "em":
        return token.tokens === undefined
          ? [{ text: token.text, style: "plain" }]
          : spansOf(token.tokens);
      default:
        // An escaped character, or text in angle brackets, which Markdown takes for HTML.
        return [{ text: token.type === "escape" ? token.text : token.raw, style: "plain" }];
    }
  });
}
