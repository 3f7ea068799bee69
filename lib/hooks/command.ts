import { lines } from "./_lines.ts";
import { type HookContext, HookError } from "./action.ts";

/** How long a command that is told to end may take before it is killed. */
const killAfterMs = 5_000;
/** How long to wait for the output's end when the command itself has ended. */
const lastOutputMs = 500;

/**
 * Runs a command with `/bin/sh -c`, with `FAILOVER_LEGION`, `FAILOVER_EVENT`, `FAILOVER_NODE` and
 * `FAILOVER_LORD` in its environment, and its output going to the log line by line. When the
 * context's signal is aborted, the command and all that it has started get SIGTERM, and SIGKILL 5 s
 * later.
 *
 * @throws HookError when it ends with another exit status than 0, or cannot be run
 * @throws the signal's reason when it was aborted, once it has ended
 */
export async function runCommand(command: string, context: HookContext): Promise<void> {
  const { legion, event, node, lord, signal } = context;
  signal.throwIfAborted();
  const child = spawn(command, {
    FAILOVER_LEGION: legion,
    FAILOVER_EVENT: event,
    FAILOVER_NODE: node,
    FAILOVER_LORD: lord,
  });
  const output = logOutput(child, context);
  const kill = new Killer(child.pid);
  const abort = () => kill.begin();
  signal.addEventListener("abort", abort);
  try {
    const { code, signal: killedBy } = await child.status;
    await output.end();
    signal.throwIfAborted();
    if (killedBy) throw new HookError(`the command was ended by ${killedBy}`);
    if (code !== 0) throw new HookError(`the command ended with exit status ${code}`);
  } finally {
    signal.removeEventListener("abort", abort);
    kill.end();
  }
}

function spawn(command: string, env: Record<string, string>): Deno.ChildProcess {
  try {
    return new Deno.Command("/bin/sh", {
      args: ["-c", command],
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      // A process group of its own, so that all it starts can be told to end.
      detached: true,
    }).spawn();
  } catch (error) {
    throw new HookError(`/bin/sh cannot be run: ${error instanceof Error ? error.message : error}`);
  }
}

/** Ends a process group, first politely. */
class Killer {
  readonly #group: number;
  #timer?: ReturnType<typeof setTimeout>;

  constructor(pid: number) {
    this.#group = -pid;
  }

  begin(): void {
    this.#send("SIGTERM");
    this.#timer = setTimeout(() => this.#send("SIGKILL"), killAfterMs);
  }

  /** The command has ended: what it started and left behind ends with it when it was aborted. */
  end(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#send("SIGKILL");
  }

  #send(signal: Deno.Signal): void {
    try {
      Deno.kill(this.#group, signal);
    } catch (error) {
      // Nobody of the group is left.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

function logOutput(child: Deno.ChildProcess, { log }: HookContext) {
  const stop = new AbortController();
  const copy = async (stream: ReadableStream<Uint8Array>) => {
    const open = new TransformStream<Uint8Array, Uint8Array>();
    const piped = stream.pipeTo(open.writable, { signal: stop.signal }).catch(() => {});
    try {
      for await (const line of lines(open.readable)) log("info", line);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
    await piped;
  };
  const copies = Promise.all([copy(child.stdout), copy(child.stderr)]);
  return {
    /** Waits for the rest, but not for those who got the output from the command and keep it. */
    async end() {
      const timer = setTimeout(() => stop.abort(), lastOutputMs);
      await copies;
      clearTimeout(timer);
    },
  };
}
