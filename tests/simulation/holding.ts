import type { Process } from "./process.ts";

/** Tells until when processes hold the title, by their views after each of their steps. */
export class Holding {
  /** The end of each process's lease, as of the last time when it held the title. */
  readonly #leaseEndsMs = new WeakMap<Process, number>();

  /** Notes a step of a process. */
  stepped(process: Process): void {
    const { lordship, phase, endsMs } = process.view;
    const holds = phase === "voting" && (lordship === "lord" || lordship === "taking over");
    if (holds) this.#leaseEndsMs.set(process, process.trueMs(endsMs));
  }

  /**
   * The time until which a process holds the title if nothing happens, with its unlord hooks where
   * the configuration gives them time; -Infinity: the process does not hold it.
   */
  untilMs(process: Process): number {
    if (process.ended) return -Infinity;
    const { releaseMs, clockRate } = process.plan;
    const { lordship, lordSince, phase } = process.view;
    // The process has to begin to release by this time, but cannot while it stands still.
    const dueMs = this.#leaseEndsMs.get(process) ?? -Infinity;
    // A process that only claimed what the one before it was never had a lease.
    if (dueMs === -Infinity) return -Infinity;
    const isLate = process.stoodStillAt(dueMs);
    if (phase === "voting" && lordship === "lord") {
      return isLate ? process.lordUntilMs : process.lordUntilMs + releaseMs / clockRate;
    }
    const releases = lordship === "releasing" || (phase === "dying" && lordSince > 0);
    if (!releases || releaseMs === 0) return -Infinity;
    return isLate ? Math.min(process.hooksEndMs, dueMs) : process.hooksEndMs;
  }

  /** The time until which a process may take over or be lord if nothing happens. */
  claimUntilMs(process: Process): number {
    return process.ended ? -Infinity : process.trueMs(process.legion.claimUntilMs);
  }
}
