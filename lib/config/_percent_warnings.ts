import type { ExpandedLine } from "./_lines.ts";
import { isOdd, percentHint } from "./_magic.ts";
import { problemOf } from "./_problem.ts";

/**
 * The warnings for a `%` that was hardly meant as uWSGI reads it, each once, with file and line: in
 * a secret, in the format of date or printf, and where the letter behind it stands for nothing.
 */
export function warningsOfPercent(lines: readonly ExpandedLine[]): string[] {
  const odd = new Set<ExpandedLine>();
  for (const line of lines) {
    const secret = secretPart(line);
    const [, ...format] = (line.raw ?? "").split(/\b(?:date|printf)\b/);
    if (isOdd(line.letters) || hasPercent(secret) || hasPercent(format.join())) odd.add(line);
    for (const { written, line: other } of usesOf(line)) {
      if (isOdd(other.letters) || (other.letters && secret.includes(written))) odd.add(other);
    }
  }
  return [...odd].map((line) => {
    const { file, line: number, option } = problemOf(line, "");
    const what = option === undefined ? "" : `${option}: `;
    return `${file}:${number}: ${what}a "%" and the character behind it stand for something else, ` +
      `as with uWSGI: ${percentHint}`;
  });
}

/** The lines of all placeholders that a line's value is made of, theirs too. */
function usesOf(line: ExpandedLine): { written: string; line: ExpandedLine }[] {
  const found: { written: string; line: ExpandedLine }[] = [];
  const seen = new Set<ExpandedLine>();
  const add = (from: ExpandedLine, outer?: string) => {
    for (const { written, line: other } of from.uses) {
      if (other === undefined || seen.has(other)) continue;
      seen.add(other);
      found.push({ written: outer ?? written, line: other });
      add(other, outer ?? written);
    }
  };
  add(line);
  return found;
}

/** The part of a line that is a secret, before a `%` in it was replaced. */
function secretPart({ key, raw, written }: ExpandedLine): string {
  const text = raw ?? written;
  if (key === "legion" || key === "legion-mcast") return text.split(/\s+/).slice(3).join(" ");
  if (key === "legion-auth") return text;
  const pairs = text.matchAll(/(?:^|[,:\s])(?:pass|token|secret)\w*=((?:\\.|[^,\\])*)/g);
  return [...pairs].map(([, value]) => value).join(" ");
}

function hasPercent(text: string): boolean {
  return /%[^(]/.test(text.replaceAll("%%", ""));
}
