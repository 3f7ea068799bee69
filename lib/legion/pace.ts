// A change is told at once, but never more often than this
// (PROTOCOL.md, "Where it falls short", 8).
const changeMs = 20;
// An echo is what a lord's lease rests on, and at its election what it waits for: it does not queue
// behind a change. Its pace is that of whom it echoes; this bounds what strangers could make of it.
const echoMs = 1;
/** Datagrams get lost, and the peers should not have to wait for the tolerance. */
export const farewellCount = 3;

/** How long a farewell takes at most. */
export const farewellMs = farewellCount * changeMs;

// In periods: what is a little late is not missed.
const missedEcho = 1.25;

/** What there is to tell. */
export interface News {
  /** Whatever the peers are to hear of at once when it changes. */
  readonly text: string;
  /** The newest `seq` of another that is supported, to be echoed at once (LEASE.md, rule 8). */
  readonly echo?: number;
}

/** When a node announces itself, and when it says farewell. All times are monotonic. */
export class Pace {
  #freqMs: number;
  /** When it last announced; -Infinity: it is due at once; Infinity: it is silent. */
  #lastMs = Infinity;
  /** What that told. */
  #told: News = { text: "" };
  #farewells = 0;

  /** Silent until {@link Pace.begin}. @param freqMs between two announcements that tell no news */
  constructor(freqMs: number) {
    this.#freqMs = freqMs;
  }

  /** Announces with another period from now on. */
  reconfigure(freqMs: number): void {
    this.#freqMs = freqMs;
  }

  /** The next announcement is a farewell: it says `dead`. */
  get parting(): boolean {
    return this.#farewells > 0;
  }

  /** Nothing is announced, and the peers do not count on it. */
  get silent(): boolean {
    return this.#lastMs === Infinity;
  }

  /** Announces from now on. */
  begin(): void {
    this.#farewells = 0;
    this.#lastMs = -Infinity;
  }

  /** Falls silent after three farewells, the first at once. */
  part(): void {
    this.#farewells = farewellCount;
    this.#lastMs = -Infinity;
  }

  /** When the next announcement is due, given what there is to tell. */
  dueMs(news: News): number {
    return this.#lastMs + this.#waitMs(news);
  }

  /** An announcement has been made. */
  announced(news: News, nowMs: number): void {
    this.#told = news;
    const last = this.#farewells === 1;
    if (this.parting) this.#farewells--;
    this.#lastMs = last ? Infinity : nowMs;
  }

  #waitMs({ text, echo }: News): number {
    if (!this.parting && echo !== undefined && echo !== this.#told.echo) return echoMs;
    if (this.parting || text !== this.#told.text) return Math.min(changeMs, this.#freqMs);
    // Whoever echoes keeps another's pace: its own is for when that is not heard (LEASE.md, rule 8).
    return this.#freqMs * (echo === undefined ? 1 : missedEcho);
  }
}
