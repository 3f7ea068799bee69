import {
  takeover,
  type TakeoverOptions,
  type TakeoverProgress,
  type TakeoverResult,
} from "../robot/takeover.ts";
import type { Question } from "../robot/account_guard.ts";
import { type HookContext, HookError } from "./action.ts";

/** What the action needs of its settings (API.md, "The action"). */
export type FailoveripSettings = TakeoverOptions;

/**
 * Routes the failover address to the server, and is done when the Robot says that it points there.
 *
 * @throws HookError when the address does not point there in the end: with the Robot's own code and
 * message
 * @throws the signal's reason when it was aborted; nothing is sent afterwards
 */
export async function runHetznerFailoverip(
  settings: FailoveripSettings,
  context: HookContext,
): Promise<void> {
  const refusal = context.guard.refusal(settings, "switch");
  if (refusal !== undefined) throw new HookError(refusal);
  const result = await route(settings, context);
  if ("code" in result) throw new HookError(`${result.outcome}: ${told(result)}`);
}

/**
 * The same, for those who look at the result themselves. What it does goes to the log.
 *
 * @throws the signal's reason when it was aborted; nothing is sent afterwards
 */
export async function route(
  settings: FailoveripSettings,
  { signal, recheck, log, seen, guard }: Pick<
    HookContext,
    "signal" | "recheck" | "log" | "seen" | "guard"
  >,
): Promise<TakeoverResult> {
  const { ip, activeServerIp } = settings;
  log("info", `routing ${ip} to ${activeServerIp}`);
  let question: Question = "switch";
  const onProgress = (progress: TakeoverProgress) => {
    if (progress.kind === "request") {
      recheck();
      question = progress.method === "GET" ? "look" : "switch";
    }
    if (progress.kind === "error") log("warn", `${progress.method}: ${told(progress)}`);
    if (progress.kind === "wait") {
      const { next, waitMs } = progress;
      log("info", `${next} follows in ${(waitMs / 1000).toFixed(1)} s: ${told(progress)}`);
    }
  };
  const result = await takeover(settings, { signal, onProgress });
  if ("code" in result) {
    const seconds = result.outcome === "refused" ? undefined : result.retryAfterSeconds;
    const intervalMs = seconds === undefined ? undefined : seconds * 1000;
    // What ended it is what the last request met.
    guard.learn(settings, question, { code: result.code, intervalMs });
    seen({ ip, wanted: activeServerIp, problem: `${result.outcome}: ${told(result)}` });
  } else {
    seen({ ip, wanted: activeServerIp, activeServerIp });
    log("info", result.message);
  }
  return result;
}

function told({ code, message }: { code: string; message: string }): string {
  return `${code}: ${message}`;
}
