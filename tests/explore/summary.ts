import type { Finding } from "./explore.ts";
import type { Figures } from "./explore_all.ts";
import type { Setting } from "./setting.ts";

// The most schedules that are printed of those that broke a rule in the same way.
const shown = 3;
// The progress is told after so long, in milliseconds.
const progressMs = 30_000;

/** Tells of an exploration: its progress, each rule that was broken, and the figures at the end. */
export class Summary {
  readonly #begunMs = performance.now();
  readonly #lines: string[] = [];
  readonly #ways = new Map<string, number>();
  #toldMs = this.#begunMs;
  #schedules = 0;
  /** The number of schedules that broke a rule. */
  broken = 0;

  /** Takes note of a rule that was broken, and prints the first of each kind. */
  found({ schedule, broken }: Finding): void {
    const [setting] = schedule.split(" ");
    const way = `${setting}: ${broken.replace(/^\S+ /, "")}`;
    const count = (this.#ways.get(way) ?? 0) + 1;
    this.#ways.set(way, count);
    if (count > shown) return;
    console.log(`${setting}: ${broken}\n  deno task simulate --explore --schedule "${schedule}"`);
  }

  /** Tells now and then which share of a setting is done. */
  progress({ name }: Setting, share: number): void {
    const nowMs = performance.now();
    if (nowMs < this.#toldMs + progressMs) return;
    this.#toldMs = nowMs;
    console.error(`${this.#seconds(nowMs)} s: ${name} ${Math.floor(100 * share)} %`);
  }

  /** Adds the figures of a setting. */
  add({ name, about }: Setting, { firsts, schedules, broken, tookMs }: Figures): void {
    this.#schedules += schedules;
    this.broken += broken;
    this.#lines.push(
      `${name.padEnd(10)} ${`${firsts}`.padStart(5)} deviations ${`${schedules}`.padStart(8)} ` +
        `schedules ${(tookMs / 1000).toFixed(0).padStart(4)} s, ` +
        `${broken === 0 ? "none broke a rule" : `${broken} broke a rule`}: ${about}`,
    );
  }

  /** The summary. */
  text(): string {
    const ways = [...this.#ways].map(([way, count]) => `${count} times ${way}`);
    const broke = this.broken === 0 ? "none broke a rule" : `${this.broken} broke a rule`;
    const seconds = this.#seconds(performance.now());
    return [...this.#lines, ...ways, `${this.#schedules} schedules in ${seconds} s: ${broke}`]
      .join("\n");
  }

  #seconds(nowMs: number): string {
    return ((nowMs - this.#begunMs) / 1000).toFixed(0);
  }
}
