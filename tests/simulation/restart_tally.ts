import type { RestartFigure } from "./restart_watch.ts";

/** The times without a lord that restarts have cost, by what was restarted, and how. */
export class RestartTally {
  readonly #lordlessMs = new Map<string, number[]>();

  /** Adds restarts. Those are left out that took long: they show how long more than what it costs. */
  add(restarts: readonly RestartFigure[]): void {
    for (const { kind, wasLord, past, absenceMs, lordlessMs } of restarts) {
      if (absenceMs > longestMs && kind !== "reboot") continue;
      const what = `${kind}, ${wasLord ? "the lord" : "another"}, ${past}`;
      const before = this.#lordlessMs.get(what) ?? [];
      this.#lordlessMs.set(what, [...before, lordlessMs]);
    }
  }

  /** The figures in words, a line each; empty: there were no restarts. */
  lines(): string[] {
    const all = [...this.#lordlessMs].sort(([a], [b]) => a < b ? -1 : 1);
    const s = (ms: number) => (ms / 1000).toFixed(2);
    return all.map(([what, lordlessMs]) => {
      const sumMs = lordlessMs.reduce((a, b) => a + b, 0);
      const mean = s(sumMs / lordlessMs.length);
      return `${what}: ${lordlessMs.length} times, ${mean} s, at most ${
        s(Math.max(...lordlessMs))
      } s`;
    });
  }
}

// The longest absence that counts as a restart, in milliseconds.
const longestMs = 600;
