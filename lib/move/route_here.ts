import type { Question } from "./account_guard.ts";
import type { MoveContext } from "./context.ts";
import { moveAddress, type MoveProgress, type MoveResult } from "./move_address.ts";
import type { KeptAddress } from "./provider.ts";

/**
 * Moves an address to where it is wanted. The course goes to the log, and the node is told where the
 * address was seen to point in the end.
 *
 * @throws the signal's reason when it was aborted; nothing is sent afterwards
 */
export async function routeHere(
  address: KeptAddress,
  { signal, recheck, log, seen, guard }: MoveContext,
): Promise<MoveResult> {
  const { account, ip, wanted, requests } = address;
  log("info", `routing ${ip} to ${wanted}`);
  let question: Question = "switch";
  const onProgress = (progress: MoveProgress) => {
    if (progress.kind === "request") {
      recheck();
      question = progress.method === requests.look ? "look" : "switch";
    }
    if (progress.kind === "error") log("warn", `${progress.method}: ${told(progress)}`);
    if (progress.kind === "wait") {
      const { next, waitMs } = progress;
      log("info", `${next} follows in ${(waitMs / 1000).toFixed(1)} s: ${told(progress)}`);
    }
  };
  const result = await moveAddress(address, wanted, { signal, onProgress });
  if ("code" in result) {
    const seconds = result.outcome === "refused" ? undefined : result.retryAfterSeconds;
    const retryAfterMs = seconds === undefined ? undefined : seconds * 1000;
    // What ended it is what the last request met.
    guard.learn(account, question, { code: result.code, retryAfterMs });
    seen({ ip, wanted, problem: `${result.outcome}: ${told(result)}` });
  } else {
    seen({ ip, wanted, pointsTo: wanted });
    log("info", result.message);
  }
  return result;
}

function told({ code, message }: { code: string; message: string }): string {
  return `${code}: ${message}`;
}
