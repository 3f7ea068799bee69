/**
 * Breaks a text between words so that no line is longer than `width`, unless a word alone is.
 *
 * @param width in characters; Infinity: the text stays one line
 * @param indent the spaces before each line but the first, which count too
 */
export function wrapped(text: string, width: number, indent = 0): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(" ".repeat(indent) + word);
  }
  return lines;
}

/** The same as one text, whose lines but the first are moved to the right by `indent`. */
export function hanging(text: string, width: number, indent: number): string {
  return wrapped(text, width, indent).join("\n");
}
