import { errorMessage } from "../base/error_message.ts";
import { Lines } from "./_lines.ts";
import { OutputLog } from "./_output_log.ts";
import { readPaced } from "../base/paced.ts";
import { ProcessGroup } from "../base/process_group.ts";
import { type HookContext, HookError } from "./action.ts";
import { spawnShell, type Surroundings } from "../base/shell.ts";
import { within } from "../base/within.ts";

/** The time that a command gets to end before it is killed, in milliseconds. */
const killAfterMs = 5_000;
/** The time to wait for killed processes to be gone, in milliseconds. */
const goneAfterMs = 1_000;
/** The time to wait for the end of the output once the command has ended, in milliseconds. */
const lastOutputMs = 500;

/**
 * Runs a command with `/bin/sh -c`, with `FAILOVER_LEGION`, `FAILOVER_EVENT`, `FAILOVER_NODE`,
 * `FAILOVER_LORD` and `FAILOVER_RESUMED` (1 or 0) in its environment, in the context's
 * surroundings, and its output going to the log line by line: 200 lines a second, and 4 KiB of each.
 * When the context's signal is aborted, the command and all that it has
 * started get SIGTERM, and processes that still run 5 s later SIGKILL.
 *
 * @throws HookError when the command ends with another exit status than 0, or cannot be run
 * @throws the signal's reason when it was aborted, once nothing of it runs any more
 */
export async function runCommand(command: string, context: HookContext): Promise<void> {
  const { legion, event, node, lord, resumed, surroundings, signal } = context;
  signal.throwIfAborted();
  const child = spawned(command, {
    FAILOVER_LEGION: legion,
    FAILOVER_EVENT: event,
    FAILOVER_NODE: node,
    FAILOVER_LORD: lord,
    FAILOVER_RESUMED: resumed === undefined ? "0" : "1",
  }, surroundings);
  const log = new OutputLog(context.output);
  const output = Promise.all([child.stdout, child.stderr].map((stream) => copy(stream, log)));
  const status = await unlessAborted(child.status, signal);
  if (status === undefined) {
    await end(child, context);
    throw signal.reason;
  }
  // A daemon that the command leaves behind keeps the output open, and its lines are logged too.
  await within(output, lastOutputMs);
  if (status.signal) throw new HookError(`the command was ended by ${status.signal}`);
  if (status.code !== 0) throw new HookError(`the command ended with exit status ${status.code}`);
}

function spawned(
  command: string,
  env: Record<string, string>,
  surroundings?: Surroundings,
): Deno.ChildProcess {
  try {
    return spawnShell(command, env, surroundings);
  } catch (error) {
    throw new HookError(errorMessage(error));
  }
}

/** Logs a stream to its end. Never rejects: only the exit status decides whether the hook failed. */
async function copy(stream: ReadableStream<Uint8Array>, log: OutputLog): Promise<void> {
  const lines = new Lines((read) => log.take(read));
  try {
    await readPaced(stream.getReader(), (piece) => {
      log.linesAt(performance.now());
      lines.push(piece);
    });
  } catch (error) {
    log.take(() => `(the output cannot be read: ${errorMessage(error)})`);
  }
  lines.end();
  log.end();
}

/** Waits for a promise; undefined when the signal is aborted first. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const abort = () => resolve(undefined);
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Ends a command and all that it has started, first politely. */
async function end(child: Deno.ChildProcess, { log }: HookContext): Promise<void> {
  const group = new ProcessGroup(child.pid);
  try {
    group.signal("SIGTERM");
    if (await group.gone(killAfterMs)) return;
    group.signal("SIGKILL");
    if (await group.gone(goneAfterMs)) return;
    log("error", "a command does not end");
  } catch (error) {
    // The command runs as another user, by sudo for example. Nothing must wait for its end.
    log("error", `a command cannot be ended: ${errorMessage(error)}`);
  }
  child.unref();
}
