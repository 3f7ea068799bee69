/** Quotes a text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A text as one word of a POSIX shell, quoted only where it has to be. */
export function shellWord(text: string): string {
  return /^[\w.,:/@%+=-]+$/.test(text) ? text : quoted(text);
}

/** A word of the command line in a sentence: quoted where nothing would be seen of it. */
export function wordShown(word: string): string {
  return word.trim() === "" ? quoted(word) : word;
}
