import type { Outcome } from "./simulate.ts";

/** The sums of many runs. */
export class Tally {
  runs = 0;
  /** The runs that broke a rule. */
  broken = 0;
  /** The time lived through, in milliseconds. */
  totalMs = 0;
  #bothLeasedRuns = 0;
  #bothLeasedMs = 0;
  #twoLordsRuns = 0;
  #twoLordsMs = 0;
  #togetherMs = 0;
  #lordlessMs = 0;
  #wantedRuns = 0;
  #stayedRuns = 0;
  #settlingMs = 0;
  #longestMs = 0;
  #longestShare = 0;

  /** Adds a run. */
  add({ violations, figures, settling, boundMs }: Outcome): void {
    this.runs++;
    if (violations.length > 0) this.broken++;
    if (figures.bothLeasedMs > 0) this.#bothLeasedRuns++;
    if (figures.twoLordsMs > 0) this.#twoLordsRuns++;
    this.totalMs += figures.totalMs;
    this.#bothLeasedMs += figures.bothLeasedMs;
    this.#twoLordsMs += figures.twoLordsMs;
    this.#togetherMs = Math.max(this.#togetherMs, figures.togetherMs);
    this.#lordlessMs += figures.lordlessMs;
    if (!settling.lordWanted) return;
    this.#wantedRuns++;
    this.#settlingMs += settling.tookMs;
    if (settling.stayedLordless) this.#stayedRuns++;
    this.#longestMs = Math.max(this.#longestMs, settling.tookMs);
    this.#longestShare = Math.max(this.#longestShare, settling.tookMs / boundMs);
  }

  /** The figures in words, a column each. */
  cells(): string[] {
    const s = (ms: number) => (ms / 1000).toFixed(1);
    const mean = (ms: number, runs = this.runs) => s(ms / Math.max(1, runs));
    const share = (100 * this.#longestShare).toFixed(0);
    return [
      `${this.runs}`,
      `${this.broken}`,
      `${this.#bothLeasedRuns} runs, ${s(this.#bothLeasedMs)} s`,
      `${this.#twoLordsRuns} runs, ${s(this.#twoLordsMs)} s`,
      `${s(this.#togetherMs)} s`,
      `${mean(this.#lordlessMs)} of ${mean(this.totalMs)} s`,
      `${this.#stayedRuns} of ${this.#wantedRuns}`,
      `${mean(this.#settlingMs, this.#wantedRuns)}, ${
        s(this.#longestMs)
      } s (${share} % of the time)`,
    ];
  }
}
