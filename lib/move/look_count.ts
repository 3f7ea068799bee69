import type { Pace, Provider, Quota } from "./provider.ts";

const hourMs = 3_600_000;

/**
 * The looks that a takeover of so many addresses may need, and that nothing else is to use up; at
 * most half of the quota, since a takeover seldom needs any.
 */
export function reservedLooks(
  { looksPerHour }: Quota,
  { maxLooks }: Pick<Pace, "maxLooks">,
  addresses: number,
): number {
  return Math.min(maxLooks * addresses, looksPerHour / 2);
}

/** The parts of a provider that the count of looks needs. */
interface Limited extends Pick<Provider, "title" | "quota"> {
  readonly pace: Pick<Pace, "maxLooks">;
}

/** The looks that this process has sent with one account in the last hour. */
export class LookCount {
  readonly #nowMs: () => number;
  /** The times of the looks, in milliseconds of the clock, the oldest first. */
  #sentMs: readonly number[] = [];
  /** The addresses that were asked about, each with the last time. */
  readonly #aboutMs = new Map<string, number>();

  /**
   * Begins with no look.
   *
   * @param nowMs a clock in milliseconds that never goes back
   */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Takes note that a look is sent. */
  sent(): void {
    this.#sentMs = [...this.#recent(), this.#nowMs()];
  }

  /** Takes note that somebody asks about an address, be it with others. */
  about(ip: string): void {
    this.#aboutMs.set(ip, this.#nowMs());
  }

  /**
   * The reason why a look that is not needed now is left out: a takeover may need all that are left.
   * Looks of other processes and machines are not known here.
   *
   * @returns undefined: there are some to spare
   */
  scarcity({ title, quota, pace }: Limited): string | undefined {
    if (quota === undefined) return undefined;
    const { length: sent } = this.#recent();
    const fromMs = this.#nowMs() - hourMs;
    for (const [ip, atMs] of this.#aboutMs) if (atMs <= fromMs) this.#aboutMs.delete(ip);
    const reserved = reservedLooks(quota, pace, this.#aboutMs.size);
    if (sent < quota.looksPerHour - reserved) return undefined;
    return `${sent} of the ${title}'s ${quota.looksPerHour} looks an hour are used up here, and ` +
      "a takeover may need the rest";
  }

  #recent(): readonly number[] {
    const fromMs = this.#nowMs() - hourMs;
    return this.#sentMs.filter((atMs) => atMs > fromMs);
  }
}
