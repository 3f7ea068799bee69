import { errorMessage } from "../base/error_message.ts";
import { within } from "../base/within.ts";
import { selfCommand } from "./self.ts";

// The one who asked waits for 25 s.
const patienceMs = 20_000;
const maxBytes = 4_096;

/**
 * Runs this same program as it is installed now, with these arguments, as this user and in this
 * environment; the result is the reason why it did not succeed, or undefined. The portable form
 * unpacks itself there, which the process that is started next then need not do.
 *
 * @param limitMs the longest time to wait for its end, in milliseconds
 */
export async function trial(
  args: readonly string[],
  limitMs = patienceMs,
): Promise<string | undefined> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), limitMs);
  try {
    const child = selfCommand(args, {
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      signal: late.signal,
    }).spawn();
    const said = firstLines(child.stderr);
    const { success, code, signal } = await child.status;
    if (success) return undefined;
    // A process that it has left behind may hold standard error open.
    let text = "";
    await within(said.then((lines) => text = lines), 100);
    const how = signal === null ? `ends with exit status ${code}` : `is ended by ${signal}`;
    return `the program that would be started next ${how} at node --check-config` +
      (text === "" ? "" : `: ${text}`);
  } catch (error) {
    return `the program that would be started next cannot be run: ${errorMessage(error)}`;
  } finally {
    clearTimeout(timer);
  }
}

/** The first 4 KiB of a text, its lines joined. */
async function firstLines(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  try {
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (text.length > maxBytes) break;
    }
  } catch {
    // The text up to there tells enough.
  }
  return text.slice(0, maxBytes).trim().split("\n").join("; ");
}
