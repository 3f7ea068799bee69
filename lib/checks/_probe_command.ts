import { errorMessage } from "../base/error_message.ts";
import { delay } from "@std/async/delay";
import { plainText } from "../base/plain_text.ts";
import type { ProbeContext, ProbeResult, ProbeRun } from "./probe.ts";
import { outputLength } from "./_probe_output.ts";
import { readPaced } from "../base/paced.ts";
import { ProcessGroup } from "../base/process_group.ts";
import { spawnShell } from "../base/shell.ts";
import { within } from "../base/within.ts";

/** How long to wait for the output's end when the command itself has ended, in milliseconds. */
const lastOutputMs = 100;
/** The time between two looks whether a killed command is gone at last, in milliseconds. */
const stuckMs = 1_000;

/**
 * Checks that a shell command ends with exit status 0. At its timeout, or when the context's signal
 * is aborted, the command is killed with everything it has started.
 */
export function probeCommand(command: string, context: ProbeContext): ProbeRun {
  const { legion, check } = context;
  try {
    const child = spawnShell(command, { FAILOVER_LEGION: legion, FAILOVER_CHECK: check });
    return run(child, context);
  } catch (error) {
    const output = plainText(errorMessage(error), outputLength);
    const result = Promise.resolve({ ok: false, output });
    return { result, over: result };
  }
}

function run(child: Deno.ChildProcess, { timeoutMs, signal }: ProbeContext): ProbeRun {
  const said = new Said();
  const read = Promise.all([child.stdout, child.stderr].map((stream) => said.take(stream)));
  const { promise: late, resolve: giveUp } = Promise.withResolvers<"too long" | "called off">();
  const timer = setTimeout(() => giveUp("too long"), timeoutMs);
  const cancel = () => giveUp("called off");
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  const { promise: over, resolve: ended } = Promise.withResolvers<void>();
  const result = (async (): Promise<ProbeResult> => {
    const end = await Promise.race([child.status, late]);
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
    if (typeof end === "string") {
      said.close();
      // Even if killing fails the next run must not wait for ever.
      kill(child, signal).catch(() => {}).then(() => read).then(() => ended());
      const how = end === "called off" ? end : `killed after ${timeoutMs / 1000} s`;
      return { ok: false, output: told(how, said.text) };
    }
    // Processes that the command leaves behind may hold the output open.
    await within(read, lastOutputMs);
    said.close();
    ended();
    if (end.success) return { ok: true, output: said.text || "exit status 0" };
    const how = end.signal ? `ended by ${end.signal}` : `exit status ${end.code}`;
    return { ok: false, output: told(how, said.text) };
  })();
  return { result, over };
}

/**
 * Kills a command; resolves when none of its processes runs any more. Processes that wait for a
 * hanging disk or mount stay.
 */
async function kill(child: Deno.ChildProcess, signal: AbortSignal): Promise<void> {
  const group = new ProcessGroup(child.pid);
  try {
    group.signal("SIGKILL");
  } catch {
    // Every process of the command runs as another user; the wait for their end goes on all the
    // same.
  }
  // A process that ends must not have to wait for the child.
  child.unref();
  for (let patienceMs = stuckMs; !await group.gone(patienceMs) && !signal.aborted; patienceMs = 0) {
    await delay(stuckMs, { signal }).catch(() => {});
  }
}

function told(how: string, text: string): string {
  return plainText(text === "" ? how : `${how}: ${text}`, outputLength);
}

/**
 * The beginning of a command's output, standard output and error together; the rest is read and
 * thrown away.
 */
class Said {
  readonly #readers: ReadableStreamDefaultReader<Uint8Array>[] = [];
  #text = "";

  /** The output as one line of at most 200 characters. */
  get text(): string {
    return plainText(this.#text, outputLength);
  }

  /** Reads to the end. Never rejects: an output that cannot be read has nothing more to say. */
  async take(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    const reader = stream.getReader();
    this.#readers.push(reader);
    try {
      await readPaced(reader, (piece) => {
        const room = 4 * outputLength - this.#text.length;
        if (room > 0) this.#text += decoder.decode(piece, { stream: true }).slice(0, room);
      });
    } catch {
      // The command's exit status counts, not its output.
    }
  }

  /** Takes nothing more. */
  close(): void {
    for (const reader of this.#readers) reader.cancel().catch(() => {});
  }
}
