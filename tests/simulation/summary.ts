import type { Seeds } from "./run_seeds.ts";
import type { Outcome } from "./simulate.ts";

// The most broken seeds that are printed: the first few suffice to find a fault.
const failuresShown = 10;

/** The summary of many seeds. */
export class Summary {
  readonly #seeds: Seeds;
  readonly #begunMs = performance.now();
  readonly #guaranteed = new Tally();
  readonly #others = new Tally();
  /** The number of seeds that broke a rule. */
  broken = 0;

  constructor(seeds: Seeds) {
    this.#seeds = seeds;
  }

  /** Adds a seed. The result is a text to print: a rule that it broke, and how to repeat it. */
  add({ seed, guaranteed, violations, figures }: Outcome): string | undefined {
    (guaranteed ? this.#guaranteed : this.#others).add(figures);
    if (violations.length === 0) return undefined;
    this.broken++;
    if (this.broken > failuresShown) return undefined;
    const { rule } = this.#seeds;
    const replay = `deno task simulate --seed ${seed}${rule === "lease" ? "" : ` --rule ${rule}`}`;
    return `seed ${seed}: ${violations[0]}\n  ${replay}`;
  }

  text(): string {
    const { rule, from, count } = this.#seeds;
    const seconds = (performance.now() - this.#begunMs) / 1000;
    const broke = this.broken === 0 ? "none broke a rule" : `${this.broken} broke a rule`;
    const lines = [
      `${count} runs by the rule ${rule}, seeds ${from} to ${from + count - 1}: ${broke}`,
    ];
    if (rule === "uwsgi") {
      lines.push(this.#guaranteed.merged(this.#others).text("all nodes by uWSGI's rule"));
    } else {
      lines.push(this.#guaranteed.text("guarantee: lease"));
      lines.push(
        this.#others.text(
          "legion-lease auto with a uWSGI node or strangers, so guarantee: none at times",
        ),
      );
    }
    const simulated = this.#guaranteed.merged(this.#others).totalMs / 1000;
    lines.push(
      `${simulated.toFixed(0)} s were lived through in ${seconds.toFixed(1)} s, ` +
        `${(simulated / seconds).toFixed(0)} a second`,
    );
    return lines.join("\n");
  }
}

class Tally {
  runs = 0;
  twoLordsRuns = 0;
  twoLordsMs = 0;
  lordlessMs = 0;
  totalMs = 0;

  add({ twoLordsMs, lordlessMs, totalMs }: Outcome["figures"]): void {
    this.runs++;
    if (twoLordsMs > 0) this.twoLordsRuns++;
    this.twoLordsMs += twoLordsMs;
    this.lordlessMs += lordlessMs;
    this.totalMs += totalMs;
  }

  merged(other: Tally): Tally {
    const sum = new Tally();
    for (const key of ["runs", "twoLordsRuns", "twoLordsMs", "lordlessMs", "totalMs"] as const) {
      sum[key] = this[key] + other[key];
    }
    return sum;
  }

  text(what: string): string {
    const seconds = (this.twoLordsMs / 1000).toFixed(1);
    const mean = (ms: number) => (ms / 1000 / Math.max(1, this.runs)).toFixed(1);
    return `${what}: ${this.runs} runs
  two lords at one instant   ${this.twoLordsRuns} runs, ${seconds} s
  no lord                    ${mean(this.lordlessMs)} s of ${mean(this.totalMs)} s, mean of a run`;
  }
}
