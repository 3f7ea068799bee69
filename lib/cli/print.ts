import { exitStatus } from "./exit_status.ts";

/**
 * Writes an answer to standard output. A reader that has gone away (`| head`) is no error; any other
 * trouble is told, and changes nothing in what was done.
 *
 * @returns whether there was no trouble
 */
export function print(text: string): boolean {
  try {
    write(Deno.stdout, text);
    return true;
  } catch (error) {
    printError(`the answer cannot be written: ${error instanceof Error ? error.message : error}\n`);
    return false;
  }
}

/** Prints all that a subcommand is there for; the result is its exit status. */
export function printed(text: string): number {
  return print(text) ? exitStatus.done : exitStatus.failed;
}

/** Writes anything that is no answer to standard error. */
export function printError(text: string): void {
  write(Deno.stderr, text);
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
