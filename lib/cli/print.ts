import { printable, printableLines } from "../base/printable.ts";
import { exitStatus } from "./exit_status.ts";

/**
 * Writes an answer to standard output: lines in which no part can move a cursor. A reader that has
 * gone away (`| head`) is no error; any other trouble is told, and changes nothing in what was done.
 *
 * @returns whether there was no trouble
 */
export function print(text: string): boolean {
  return printStyled(printableLines(text));
}

/** The same for one line, whose end is added: what of it came from others cannot make it two. */
export function printLine(line: string): boolean {
  return print(`${printable(line)}\n`);
}

/** The same for text with colours, in which all that came from others is {@link printable} already. */
export function printStyled(text: string): boolean {
  try {
    write(Deno.stdout, text);
    return true;
  } catch (error) {
    printErrorLine(
      `the answer cannot be written: ${error instanceof Error ? error.message : error}`,
    );
    return false;
  }
}

/** Prints all that a subcommand is there for; the result is its exit status. */
export function printed(text: string): number {
  return print(text) ? exitStatus.done : exitStatus.failed;
}

/** Writes anything that is no answer to standard error: lines in which no part can move a cursor. */
export function printError(text: string): void {
  write(Deno.stderr, printableLines(text));
}

/** The same for one line, whose end is added: what of it came from others cannot make it two. */
export function printErrorLine(line: string): void {
  printError(`${printable(line)}\n`);
}

/** Erases the line of standard error that the cursor is on. */
export function eraseErrorLine(): void {
  write(Deno.stderr, "\r\u001b[K");
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
