// The shortest time between two announcements of changes (PROTOCOL.md, "Where it falls short", 8).
const changeMs = 20;
// The shortest time before an echo, and before a node says that it supports another one, or itself
// from now on. A lord's lease rests on echoes of what it said since, and its election waits for both,
// so neither queues behind a change. Echoes come as often as the announcements they answer; this
// bounds how often strangers could cause them.
const echoMs = 1;
/**
 * How often a farewell is said: datagrams get lost, and the peers should not have to wait for the
 * tolerance.
 */
export const farewellCount = 3;

// How long a supporter waits for the next announcement to echo before it announces by itself, in
// periods: one a little late is not missed.
const missedEcho = 1.25;

/** The state of this node that the peers are to hear of. */
export interface News {
  /** A text that differs whenever the peers must hear of a change at once. */
  readonly text: string;
  /**
   * The newest `seq` of another node that is supported, to be echoed at once (LEASE.md, rule 8).
   */
  readonly echo?: number;
  /** The uuid of the node that is supported; undefined: none. */
  readonly support?: string;
}

/**
 * Decides when a node announces itself, and when it says farewell. All times are monotonic, in
 * milliseconds.
 */
export class Pace {
  #freqMs: number;
  /** The longest time between two announcements, in milliseconds. */
  #atMostMs = Infinity;
  /** When the node last announced; -Infinity: due at once; Infinity: silent. */
  #lastMs = Infinity;
  /** The news told last. */
  #told: News = { text: "" };
  #farewells = 0;

  /**
   * Silent until {@link Pace.begin}.
   *
   * @param freqMs the time between two announcements that tell no news
   */
  constructor(freqMs: number) {
    this.#freqMs = freqMs;
  }

  /** Announces with another period from now on. */
  reconfigure(freqMs: number): void {
    this.#freqMs = freqMs;
  }

  /** Announces at least so often from now on, in milliseconds; Infinity: by its period alone. */
  hurry(atMostMs: number): void {
    this.#atMostMs = atMostMs;
  }

  /** Whether the next announcement is a farewell, which says `dead`. */
  get parting(): boolean {
    return this.#farewells > 0;
  }

  /** Whether nothing is announced, so that peers do not count on this node. */
  get silent(): boolean {
    return this.#lastMs === Infinity;
  }

  /** Announces from now on. */
  begin(): void {
    this.#farewells = 0;
    this.#lastMs = -Infinity;
  }

  /** Says three farewells, the first at once, and then falls silent. */
  part(): void {
    this.#farewells = farewellCount;
    this.#lastMs = -Infinity;
  }

  /** When the next announcement is due, given the news. */
  dueMs(news: News): number {
    return this.#lastMs + this.#waitMs(news);
  }

  /** Notes that an announcement has been made. */
  announced(news: News, nowMs: number): void {
    this.#told = news;
    const last = this.#farewells === 1;
    if (this.parting) this.#farewells--;
    this.#lastMs = last ? Infinity : nowMs;
  }

  #waitMs({ text, echo, support }: News): number {
    const isEcho = echo !== undefined && echo !== this.#told.echo;
    const isSupport = support !== undefined && support !== this.#told.support;
    if (!this.parting && (isEcho || isSupport)) return echoMs;
    const freqMs = Math.min(this.#freqMs, this.#atMostMs);
    if (this.parting || text !== this.#told.text) return Math.min(changeMs, freqMs);
    // A supporter announces when it hears the node it supports; its own period, slightly longer, is
    // for when nothing is heard (LEASE.md, rule 8).
    return freqMs * (echo === undefined ? 1 : missedEcho);
  }
}
