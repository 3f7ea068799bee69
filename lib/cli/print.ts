import { errorMessage } from "../base/error_message.ts";
import { printable, printableLines } from "../base/printable.ts";
import { exitStatus } from "./exit_status.ts";

/**
 * Writes an answer to standard output, made printable: control characters are escaped. A reader that
 * has gone away (`| head`) is no error; any other error of writing is printed to standard error.
 *
 * @returns whether there was no error
 */
export function print(text: string): boolean {
  return printStyled(printableLines(text));
}

/** As {@link print}, for one line, whose end is added. Line breaks in it are escaped too. */
export function printLine(line: string): boolean {
  return print(`${printable(line)}\n`);
}

/** As {@link print}, for text with colours, whose foreign parts are {@link printable} already. */
export function printStyled(text: string): boolean {
  return draw(text) !== "failed";
}

/**
 * As {@link printStyled}, for one of several answers.
 *
 * @returns whether it was written, its reader has gone away, or there was another error
 */
export function draw(text: string): "written" | "unread" | "failed" {
  try {
    return write(Deno.stdout, text) ? "written" : "unread";
  } catch (error) {
    printErrorLine(
      `the answer cannot be written: ${errorMessage(error)}`,
    );
    return "failed";
  }
}

/** Prints the whole answer of a subcommand; the result is its exit status. */
export function printed(text: string): number {
  return print(text) ? exitStatus.done : exitStatus.failed;
}

/** Writes a message to standard error, made printable as by {@link print}. */
export function printError(text: string): void {
  write(Deno.stderr, printableLines(text));
}

/** As {@link printError}, for one line, whose end is added. Line breaks in it are escaped too. */
export function printErrorLine(line: string): void {
  printError(`${printable(line)}\n`);
}

/** Erases the line of standard error that the cursor is on. */
export function eraseErrorLine(): void {
  write(Deno.stderr, "\r\u001b[K");
}

/** Writes a text; false: its reader has gone away. */
function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): boolean {
  let bytes = new TextEncoder().encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    return false;
  }
}
