import { takeoverOutcomes, type TakeoverStep } from "../move/context.ts";
import type { TakeoverStats } from "../status/address_stats.ts";

interface Count {
  begun: number;
  readonly outcomes: Record<string, number>;
}

/**
 * Counts the takeovers of this node's addresses since the start of the process: those of its lord
 * hooks, and those of the watch that takes an address back. A takeover by hand is another process,
 * and not among them.
 */
export class TakeoverCounts {
  readonly #counts = new Map<string, Count>();

  /** The counts, one for each address, with all outcomes, also those that have not come about. */
  get all(): readonly TakeoverStats[] {
    return [...this.#counts].map(([ip, { begun, outcomes }]) => ({
      ip,
      begun,
      outcomes: { ...outcomes },
    }));
  }

  /** Counts for these addresses from now on, and forgets the counts of others. */
  keepOnly(ips: readonly string[]): void {
    for (const ip of this.#counts.keys()) if (!ips.includes(ip)) this.#counts.delete(ip);
    for (const ip of ips) if (!this.#counts.has(ip)) this.#counts.set(ip, nothing());
  }

  /** Takes note of a step of a takeover. A takeover of an address that is forgotten is not counted. */
  note(ip: string, step: TakeoverStep): void {
    const count = this.#counts.get(ip);
    if (count === undefined) return;
    if (step.step === "begun") count.begun++;
    if (step.step === "ended") count.outcomes[step.outcome]++;
  }
}

function nothing(): Count {
  return { begun: 0, outcomes: Object.fromEntries(takeoverOutcomes.map((name) => [name, 0])) };
}
