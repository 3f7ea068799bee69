import { delay } from "@std/async/delay";
import { AccountGuard } from "../move/account_guard.ts";
import type { KeptAddress } from "../move/provider.ts";
import type { LegionStats, Stats } from "../status/report.ts";
import { lookedUp } from "./_look_up.ts";

/** The settings of a wait for another lord. */
export interface LordWait {
  /** Asks the node for its state. */
  readonly ask: () => Promise<Stats>;
  /** The names of the legions that the node was drained in. */
  readonly legions: readonly string[];
  /** The addresses that this node had. */
  readonly addresses: readonly KeptAddress[];
  /** The longest wait, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Whether no other node may be lord of a legion any more, which ends the wait. */
  readonly isHopeless: (legion: LegionStats) => boolean;
  /** Told in words what is still missing. */
  readonly tell: (what: string) => void;
}

/** The result of the wait. */
export interface LordWaitResult {
  /** The conditions not met, in words; undefined: all were met. */
  readonly missing?: string;
  /** Whether the drain ended meanwhile, so that the wait had to fail. */
  readonly isOver?: boolean;
  /** The node's last state. */
  readonly stats: Stats;
  /** The checks that could not be made, one sentence each. */
  readonly notes: readonly string[];
}

const askEachMs = 200;
// The waits before each look are long: a provider may allow 100 looks an hour to all servers of an
// account together.
const looksMs = [0, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000];

/**
 * Waits until a node stands back in its legions, another is lord in each, and the addresses point
 * elsewhere.
 *
 * @throws the signal's reason when it is aborted
 * @throws NoNode when the node is gone
 */
export async function waitForLord(wait: LordWait): Promise<LordWaitResult> {
  const deadlineMs = performance.now() + wait.timeoutMs;
  const { stats, missing, isOver } = await untilLord(wait, deadlineMs);
  if (missing !== undefined) return { stats, missing, isOver, notes: [] };
  const guard = new AccountGuard();
  const notes: string[] = [];
  for (const address of wait.addresses) {
    const { isHere, problem } = await untilElsewhere(address, guard, wait, deadlineMs);
    if (isHere !== undefined) return { stats, missing: isHere, notes };
    if (problem !== undefined) notes.push(problem);
  }
  return { stats, notes };
}

async function untilLord(wait: LordWait, deadlineMs: number) {
  const { ask, legions, signal, isHopeless, tell } = wait;
  for (;;) {
    signal.throwIfAborted();
    const stats = await ask();
    const meant = stats.legions.filter(({ legion }) => legions.includes(legion));
    const missing = meant.flatMap(pending);
    if (missing.length === 0) return { stats };
    const isOver = meant.some(({ drained }) => drained === null);
    if (isOver || performance.now() >= deadlineMs) {
      return { stats, missing: missing.join("; "), isOver };
    }
    const hopeless = meant.find((legion) => pending(legion).length > 0 && isHopeless(legion));
    if (hopeless !== undefined) {
      return { stats, missing: `${hopeless.legion}: no other node that may be lord is left` };
    }
    tell(missing.join("; "));
    await delay(askEachMs, { signal });
  }
}

function pending({ legion, name, state, why_not_lord, lords, drained }: LegionStats): string[] {
  if (drained === null) return [`${legion}: this node is no longer drained`];
  if (state !== "stands back") {
    const why = why_not_lord === "" ? "" : `: ${why_not_lord}`;
    return [`${legion}: this node does not stand back yet${why}`];
  }
  const others = lords.filter((lord) => lord !== name);
  return others.length > 0 ? [] : [`${legion}: no other node is lord`];
}

/**
 * Waits until an address points elsewhere. The state of the legion does not suffice: a uWSGI node
 * stays lord even where its takeover has failed.
 */
async function untilElsewhere(
  address: KeptAddress,
  guard: AccountGuard,
  { signal, tell }: LordWait,
  deadlineMs: number,
): Promise<{ isHere?: string; problem?: string }> {
  const { ip, title, wanted } = address;
  let isHere: string | undefined;
  for (const waitMs of looksMs) {
    if (performance.now() + waitMs > deadlineMs) break;
    await delay(waitMs, { signal });
    tell(`where does ${ip} point? The ${title} is asked`);
    const { points_to: to, problem } = await lookedUp(address, guard, signal);
    // The other node is lord, and this machine may have no way to the provider: no failure.
    if (problem !== "") return { problem: `where ${ip} points is not known: ${problem}` };
    if (to !== null && to !== wanted) return {};
    isHere = `${ip} still points ${to === null ? "nowhere" : "here"}`;
    tell(isHere);
  }
  return { isHere: isHere ?? `nobody has seen where ${ip} points` };
}
