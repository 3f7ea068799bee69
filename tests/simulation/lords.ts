import type { Holding } from "./holding.ts";
import type { Process } from "./process.ts";

/** The figures of a run. */
export interface Figures {
  /** The time during which two lords said that the lease held, in milliseconds. */
  bothLeasedMs: number;
  /** The time during which there were two lords otherwise, in milliseconds. */
  twoLordsMs: number;
  /** The longest stretch of two lords while all nodes heard each other, in milliseconds. */
  togetherMs: number;
  /** The time without a lord, in milliseconds. */
  lordlessMs: number;
  /** The length of the run, in milliseconds. */
  totalMs: number;
}

/** Counts the time with one lord, with more, and with none. */
export class Lords {
  readonly figures: Figures = {
    bothLeasedMs: 0,
    twoLordsMs: 0,
    togetherMs: 0,
    lordlessMs: 0,
    totalMs: 0,
  };
  readonly #holding: Holding;
  /** Whether no fault keeps the nodes from hearing each other. */
  readonly #isWhole: () => boolean;
  #togetherMs = 0;

  /** Begins at zero. */
  constructor(holding: Holding, isWhole: () => boolean) {
    this.#holding = holding;
    this.#isWhole = isWhole;
  }

  /**
   * Counts a stretch of time without events. The result is the time of it without a lord.
   *
   * @param fromMs the beginning of the stretch
   */
  pass(ms: number, fromMs: number, processes: readonly Process[]): { lordlessMs: number } {
    const held = (some: readonly Process[]) =>
      some.map((process) => Math.min(this.#holding.untilMs(process), fromMs + ms) - fromMs)
        .filter((heldMs) => heldMs > 0).sort((a, b) => b - a);
    const all = held(processes);
    const [longestMs = 0, secondMs = 0] = all;
    const bothLeasedMs = secondMs > 0 ? held(processes.filter(saysLease)).at(1) ?? 0 : 0;
    const { figures } = this;
    figures.totalMs += ms;
    figures.lordlessMs += ms - longestMs;
    figures.bothLeasedMs += bothLeasedMs;
    figures.twoLordsMs += secondMs - bothLeasedMs;
    if (ms > 0) this.#countTogether(ms, secondMs);
    return { lordlessMs: ms - longestMs };
  }

  #countTogether(ms: number, twoMs: number): void {
    this.#togetherMs = twoMs > 0 && this.#isWhole() ? this.#togetherMs + twoMs : 0;
    this.figures.togetherMs = Math.max(this.figures.togetherMs, this.#togetherMs);
    if (twoMs < ms) this.#togetherMs = 0;
  }
}

/** Whether a node says that no two can be lord. */
export function saysLease({ view }: Process): boolean {
  return view.guarantee.kind === "lease";
}
