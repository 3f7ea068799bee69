/** The number of requests that a project may send: so many at once, refilled all the time. */
export interface CloudQuota {
  /** The most requests at once. */
  readonly limit: number;
  /** The number of requests that are refilled in a second. */
  readonly perSecond: number;
}

/** The quota of one project, by the clock in milliseconds that is handed in. */
export class QuotaBucket {
  readonly #quota: CloudQuota;
  #left: number;
  #atMs: number;

  /** Makes a bucket that is full. */
  constructor(quota: CloudQuota, nowMs: number) {
    this.#quota = quota;
    this.#left = quota.limit;
    this.#atMs = nowMs;
  }

  /** Takes one request; false when none is left. */
  take(nowMs: number): boolean {
    const { limit, perSecond } = this.#quota;
    this.#left = Math.min(limit, this.#left + (nowMs - this.#atMs) / 1000 * perSecond);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  /**
   * The headers that every reply carries. `RateLimit-Reset` is the time when the bucket is full
   * again, in seconds since 1970, and says nothing of when the next request is allowed.
   */
  headers(): Record<string, string> {
    const { limit, perSecond } = this.#quota;
    const fullAt = this.#atMs / 1000 + (limit - this.#left) / perSecond;
    return {
      "ratelimit-limit": `${limit}`,
      "ratelimit-remaining": `${Math.floor(this.#left)}`,
      "ratelimit-reset": `${Math.ceil(fullAt)}`,
    };
  }
}
