// Senders can be made up: no more than so many are remembered at a time.
const maxSenders = 100;
const quietMs = 60_000;

/** Counts dropped datagrams by reason, and says which of them to log. */
export class Drops {
  readonly #counts = new Map<string, number>();
  readonly #latest = new Map<string, number>();
  readonly #logged = new Map<string, number>();

  /** How many were dropped, by reason. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** When one was dropped last for a reason, monotonic; undefined: never. */
  latestMs(reason: string): number | undefined {
    return this.#latest.get(reason);
  }

  /**
   * Counts one. True when it is to be logged: at most once a minute for each reason and sender,
   * and for at most 100 of those a minute.
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
