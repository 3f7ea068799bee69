import { errorMessage } from "../base/error_message.ts";
import { Invalid } from "../base/invalid.ts";
import { readFile } from "../base/read_file.ts";

/**
 * The first line of a file, for a secret that is not to stand in a configuration.
 *
 * @param key the key that names the file, for the error
 * @throws Invalid when the file cannot be read, or its first line is empty
 */
export function firstLineOf(key: string, path: string): string {
  const [line] = textOf(key, path).split(/\r?\n/, 1);
  if (line === "") throw new Invalid(`${key}: the first line of the file is empty`);
  return line;
}

function textOf(key: string, path: string): string {
  try {
    return new TextDecoder().decode(readFile(path));
  } catch (error) {
    throw new Invalid(`${key}: ${errorMessage(error)}`);
  }
}
