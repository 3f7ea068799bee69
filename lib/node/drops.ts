// The most senders to remember at a time, since senders can be forged.
const maxSenders = 100;
const quietMs = 60_000;

/** Counts dropped datagrams by reason, and says which to log. */
export class Drops {
  readonly #counts = new Map<string, number>();
  readonly #latest = new Map<string, number>();
  readonly #logged = new Map<string, number>();

  /** The number of dropped datagrams, by reason. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** When the last datagram was dropped for a reason, monotonic; undefined: never. */
  latestMs(reason: string): number | undefined {
    return this.#latest.get(reason);
  }

  /**
   * Counts a dropped datagram. True: log it; that is at most once a minute for each reason and
   * sender, and for at most 100 of those a minute.
   *
   * @param nowMs monotonic
   */
  count(reason: string, sender: string, nowMs: number): boolean {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    this.#latest.set(reason, nowMs);
    const key = `${reason} ${sender}`;
    const last = this.#logged.get(key);
    if (last !== undefined && nowMs - last < quietMs) return false;
    if (this.#logged.size >= maxSenders) this.#forget(nowMs);
    if (this.#logged.size >= maxSenders && last === undefined) return false;
    this.#logged.set(key, nowMs);
    return true;
  }

  #forget(nowMs: number): void {
    for (const [key, last] of this.#logged) {
      if (nowMs - last >= quietMs) this.#logged.delete(key);
    }
  }
}
