/** The means of reading a secret from a file. */
export interface SecretSource {
  /** The content of a file; throws an error that says why it cannot be read, without its path. */
  readonly readFile: (path: string) => string;
  /** Is told what is odd about the file, in words that hold neither the secret nor the path. */
  readonly warn?: (what: string) => void;
}

/**
 * Reads a secret, such as a password or a token, from a file that holds it alone: the first line,
 * literally, so that commas, backslashes and blanks are what they are. All that reads a secret's file
 * reads it by this function: `@(FILE)` as the value of a key, `password_file`, `--password-file`.
 *
 * @throws Error when the file cannot be read, or its first line is empty; the message says why, and
 * holds neither the secret nor the path
 */
export function readSecret(path: string, { readFile, warn }: SecretSource): string {
  const [secret] = readFile(path).split(/\r?\n/, 1);
  if (secret === "") throw new Error("its first line is empty");
  if (/\\[\\,]/.test(secret)) warn?.(escapedWarning);
  return secret;
}

// A file may be written for its earlier meaning, a part of a keyval list.
const escapedWarning =
  'its first line is taken literally, and has a backslash before a "," or "\\"; ' +
  "where that was to escape the next character, take it out";

/** Reads the secret in a file; throws Invalid, with the reason, where there is none. */
export type SecretReader = (path: string) => string;
