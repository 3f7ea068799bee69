import type { Question } from "./account_guard.ts";
import type { MoveContext, TakeoverOutcome, TakeoverStep } from "./context.ts";
import type { Before } from "./_course.ts";
import { moveAddress, type MoveProgress, type MoveResult } from "./move_address.ts";
import { inPace } from "./_in_pace.ts";
import type { KeptAddress } from "./provider.ts";
import { sightOf } from "./sight.ts";

/** The things known of an address before its takeover. */
export interface Occasion {
  /** The last that was known of it, where it may point to the wanted server already. */
  readonly before?: Before;
  /** Whether it was here, and is to be taken back. */
  readonly wasHere?: boolean;
}

/**
 * Moves an address to the wanted server. Each step goes to the log and to `moves`, and the place
 * where the address then points to `seen`.
 *
 * @throws the signal's reason when it is aborted; nothing is sent afterwards
 */
export async function routeHere(
  address: KeptAddress,
  { signal, recheck, log, seen, moves, guard }: MoveContext,
  { before, wasHere = false }: Occasion = {},
): Promise<MoveResult> {
  const { name: provider, account, ip, wanted, requests } = address;
  log(
    "info",
    before === undefined ? `routing ${ip} to ${wanted}` : `does ${ip} point to ${wanted}?`,
  );
  guard.looks(account).about(ip);
  let question: Question = "switch";
  const onProgress = (progress: MoveProgress) => {
    if (progress.kind === "request") {
      question = progress.method === requests.look ? "look" : "switch";
      if (question === "look") guard.looks(account).sent();
      else moves(ip, { step: "asked" });
    }
    if (progress.kind === "error" && progress.isThere) {
      return log("info", `${ip}: ${progress.method}: ${told(progress)}`);
    }
    if (progress.kind === "error" || progress.kind === "wait") {
      moves(ip, { step: "troubled", why: told(progress) });
    }
    if (progress.kind === "error") log("warn", `${ip}: ${progress.method}: ${told(progress)}`);
    if (progress.kind === "wait") {
      const { next, waitMs } = progress;
      log("info", `${ip}: ${next} follows in ${(waitMs / 1000).toFixed(1)} s: ${told(progress)}`);
    }
  };
  const move = () =>
    inPace(
      address,
      { pace: guard.moves(address), wasHere },
      (address) => moveAddress(address, wanted, { signal, recheck, onProgress, before }),
    );
  const result = await counted(move, (step) => moves(ip, step));
  if ("code" in result) {
    const seconds = result.outcome === "refused" ? undefined : result.retryAfterSeconds;
    const retryAfterMs = seconds === undefined ? undefined : seconds * 1000;
    // The last request is the one whose failure ended the takeover.
    guard.learn(account, question, { code: result.code, retryAfterMs });
    const problem = `${result.outcome}: ${told(result)}`;
    seen({ provider, ip, wanted: address.serverName(wanted), problem });
  } else {
    guard.learn(account, question);
    seen(sightOf(address, wanted));
    log("info", result.message);
  }
  return result;
}

/** Tells of a takeover that ends before it has begun, since its account must not be asked now. */
export function notAsked(ip: string, { moves }: Pick<MoveContext, "moves">): void {
  moves(ip, { step: "begun" });
  moves(ip, { step: "ended", outcome: "not asked" });
}

/** Runs a takeover, and tells of its beginning and its end. */
async function counted(
  move: () => Promise<MoveResult>,
  tell: (step: TakeoverStep) => void,
): Promise<MoveResult> {
  tell({ step: "begun" });
  let outcome: TakeoverOutcome = "broken off";
  try {
    const result = await move();
    outcome = result.outcome;
    return result;
  } finally {
    tell({ step: "ended", outcome });
  }
}

function told({ code, message }: { code: string; message: string }): string {
  return `${code}: ${message}`;
}
