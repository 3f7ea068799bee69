/** The troubles of the links between nodes, each until a time; all times in milliseconds. */
export class Links {
  readonly #count: number;
  readonly #cutUntilMs: Float64Array;
  readonly #lateUntilMs: Float64Array;
  readonly #lateByMs: Float64Array;
  readonly #doubleUntilMs: Float64Array;
  readonly #doubleByMs: Float64Array;

  /** Begins without troubles among so many nodes. */
  constructor(count: number) {
    this.#count = count;
    const each = () => new Float64Array(count * count);
    this.#cutUntilMs = each();
    this.#lateUntilMs = each();
    this.#lateByMs = each();
    this.#doubleUntilMs = each();
    this.#doubleByMs = each();
  }

  /** Loses all on a link until a time. */
  cut(from: number, to: number, untilMs: number): void {
    const link = this.#link(from, to);
    this.#cutUntilMs[link] = Math.max(this.#cutUntilMs[link], untilMs);
  }

  /** Delays all on a link until a time. */
  delay(from: number, to: number, untilMs: number, byMs: number): void {
    const link = this.#link(from, to);
    this.#lateUntilMs[link] = untilMs;
    this.#lateByMs[link] = byMs;
  }

  /** Doubles all on a link until a time; the copies come later. */
  double(from: number, to: number, untilMs: number, byMs: number): void {
    const link = this.#link(from, to);
    this.#doubleUntilMs[link] = untilMs;
    this.#doubleByMs[link] = byMs;
  }

  /** Calls `arrive` with the time of each arrival of a datagram that is sent now. */
  send(from: number, to: number, nowMs: number, arrive: (atMs: number) => void): void {
    const link = this.#link(from, to);
    if (nowMs < this.#cutUntilMs[link]) return;
    // The latencies differ a little, so that what is sent to several does not come at one instant.
    const soonMs = nowMs + 1 + 0.25 * from + 0.1 * to;
    arrive(nowMs < this.#lateUntilMs[link] ? soonMs + this.#lateByMs[link] : soonMs);
    if (nowMs < this.#doubleUntilMs[link]) arrive(soonMs + this.#doubleByMs[link]);
  }

  #link(from: number, to: number): number {
    return from * this.#count + to;
  }
}
