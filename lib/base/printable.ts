// Control characters (C0, DEL, C1), separators of lines and paragraphs, characters that turn the
// direction of writing, and halves of a surrogate pair.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/gu;

/**
 * Makes text that may have come from others one line for a person: a character that could move a
 * cursor, begin a line or turn the direction of writing becomes `\u001b` and the like, all else
 * stays. For the places where text leaves the program; inside, text is kept as it came.
 *
 * JSON without line breaks stays the same JSON: its strings may be written with such escapes.
 *
 * @example
 * ```ts
 * printable("web1\u001b[2J\n"); // "web1\\u001b[2J\\u000a"
 * ```
 */
export function printable(text: string): string {
  return text.replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Does the same as {@link printable}, but keeps line breaks: for text whose line breaks are the
 * program's own, such as a help text, a table or JSON with indentation. Line breaks in parts that
 * came from others must have been escaped before.
 */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/**
 * Makes each text in a value {@link printable}; keys stay as they are.
 *
 * @param value made of what JSON knows
 */
export function printableAll<T>(value: T): T {
  if (typeof value === "string") return printable(value) as T;
  if (Array.isArray(value)) return value.map(printableAll) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, printableAll(each)]),
  ) as T;
}
