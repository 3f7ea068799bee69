import { moveAddress, type MoveProgress, type MoveResult } from "../../move/move_address.ts";
import type { Provider } from "../../move/provider.ts";
import { exitStatus } from "../exit_status.ts";
import { exitStatusOf, resultLine } from "./_outcome.ts";
import { printErrorLine, printLine } from "../print.ts";
import { ProgressLine } from "../progress.ts";
import { Stopwatch } from "../stopwatch.ts";

const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** A takeover or a release by hand, and the way its result is told. */
export interface ChangeByHand {
  /** The subcommand, for messages. */
  readonly name: string;
  /** The provider of the address to move. */
  readonly provider: Provider;
  /** The server that the address is to point to; null: none. */
  readonly to: string | null;
  /** Whether the result is printed as one JSON object instead of words. */
  readonly json: boolean;
  /**
   * Called where the address points elsewhere now, or may do so, once the result is printed: with the
   * server that it points to, where that is known.
   */
  readonly moved: (pointsTo?: string) => Promise<void>;
  /** The word for the outcome `routed`. */
  readonly done: string;
  /** The words for the outcome `already routed`. */
  readonly nothingToDo: string;
}

/** The outcomes after which an address points where it did before. */
const unmoved: readonly MoveResult["outcome"][] = ["refused", "try later"];

/** Makes the change, shows its progress, and prints the result. Returns the exit status. */
export async function changeByHand(by: ChangeByHand): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  const stopwatch = new Stopwatch();
  let posts = 0;
  const count = (progress: MoveProgress) => {
    const { requests } = by.provider;
    if (progress.kind === "request" && progress.method !== requests.look) posts++;
  };
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    const result = await withProgress(by, interrupted.signal, count);
    tell(by, result);
    const isDone = !("code" in result);
    if (!unmoved.includes(result.outcome)) {
      await by.moved(isDone && by.to !== null ? by.to : undefined);
    }
    return exitStatusOf(result);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    const message = "interrupted; what was asked for may still happen";
    const { provider: { ip }, to } = by;
    const { seconds } = stopwatch;
    if (by.json) {
      const told = { ip, to, outcome: "unknown", code: "INTERRUPTED", message, seconds, posts };
      printLine(resultLine(told));
    } else {
      printErrorLine(`failover ${by.name}: ${message}`);
    }
    return exitStatus.tryAgain;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }
}

async function withProgress(
  { provider, to }: ChangeByHand,
  signal: AbortSignal,
  count: (progress: MoveProgress) => void,
): Promise<MoveResult> {
  using line = new ProgressLine();
  const onProgress = (progress: MoveProgress) => {
    count(progress);
    line.tell(progress);
  };
  return await moveAddress(provider, to, { signal, onProgress });
}

function tell(
  { name, provider: { ip }, json, done, nothingToDo }: ChangeByHand,
  result: MoveResult,
): void {
  const { from, to, message, seconds, moves: posts } = result;
  const code = "code" in result ? result.code : null;
  const outcome = result.outcome === "routed"
    ? done
    : result.outcome === "already routed"
    ? nothingToDo
    : result.outcome;
  if (json) {
    printLine(resultLine({ ip, from, to, outcome, code, message, seconds, posts }));
  } else if (code === null) {
    printLine(`${message} (${seconds.toFixed(1)} s)`);
  } else {
    printErrorLine(`failover ${name}: ${outcome}: ${code}: ${message}${again(result)}`);
  }
}

function again(result: MoveResult): string {
  if (!("retryAfterSeconds" in result) || result.retryAfterSeconds === undefined) return "";
  return `; not before ${Math.ceil(result.retryAfterSeconds)} s have passed`;
}
