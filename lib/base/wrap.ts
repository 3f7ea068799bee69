/**
 * Breaks a text between words so that no line is longer than `width`, unless a word alone is.
 *
 * @param width in characters; Infinity: the text stays one line
 */
export function wrapped(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** The same, with all lines but the first moved to the right by so many characters. */
export function hanging(text: string, width: number, indent: number): string {
  if (text.length <= width) return text;
  const [first, ...more] = wrapped(text, Math.max(width - indent, 20));
  return [first, ...more.map((line) => " ".repeat(indent) + line)].join("\n");
}
