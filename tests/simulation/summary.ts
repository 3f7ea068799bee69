import { familyNames } from "./families.ts";
import { RestartTally } from "./restart_tally.ts";
import type { Seeds } from "./run_seeds.ts";
import { boundText, togetherBoundText } from "./schedule.ts";
import type { Outcome } from "./simulate.ts";
import { Tally } from "./tally.ts";

// The most broken seeds that are printed: the first few suffice to find a fault.
const failuresShown = 10;

const titles = [
  "family",
  "runs",
  "broken",
  "two lords, both say lease",
  "two lords else",
  "longest together",
  "without a lord, mean",
  "stayed without",
  "settled, mean and longest",
];

/** The summary of many seeds. */
export class Summary {
  readonly #seeds: Seeds;
  readonly #begunMs = performance.now();
  readonly #families = new Map<string, Tally>(familyNames.map((name) => [name, new Tally()]));
  readonly #total = new Tally();
  readonly #restarts = new RestartTally();

  constructor(seeds: Seeds) {
    this.#seeds = seeds;
  }

  /** The number of seeds that broke a rule. */
  get broken(): number {
    return this.#total.broken;
  }

  /** Adds a seed. The result is a text to print: a rule that it broke, and how to repeat it. */
  add(outcome: Outcome): string | undefined {
    const { seed, family, violations: [violation] } = outcome;
    this.#families.get(family)?.add(outcome);
    this.#total.add(outcome);
    this.#restarts.add(outcome.restarts);
    if (violation === undefined || this.broken > failuresShown) return undefined;
    const rule = this.#seeds.rule === "lease" ? `--family ${family}` : "--rule uwsgi";
    return `seed ${seed}: ${violation}\n  deno task simulate --seed ${seed} ${rule}`;
  }

  text(): string {
    const { rule, from, count } = this.#seeds;
    const seconds = (performance.now() - this.#begunMs) / 1000;
    const broke = this.broken === 0 ? "none broke a rule" : `${this.broken} broke a rule`;
    const simulated = this.#total.totalMs / 1000;
    return [
      `${count} runs by the rule ${rule}, seeds ${from} to ${from + count - 1}: ${broke}`,
      "",
      ...this.#table(),
      "",
      ...this.#restartLines(),
      `A rule is broken where two lords both say lease, where nodes of one list and quorum, with the`,
      `lease and a majority, are lord two at a time, and where two lords hear each other for longer`,
      `than ${togetherBoundText}.`,
      `Then all has to settle: in ${boundText}.`,
      `${simulated.toFixed(0)} s were lived through in ${seconds.toFixed(1)} s, ` +
      `${(simulated / seconds).toFixed(0)} a second`,
    ].join("\n");
  }

  #restartLines(): string[] {
    const lines = this.#restarts.lines();
    const title = "Seconds without a lord by one restart, with calm before and after it:";
    return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ""];
  }

  #table(): string[] {
    const families = [...this.#families].filter(([, { runs }]) => runs > 0);
    const rows = [
      titles,
      ...families.map(([name, tally]) => [name, ...tally.cells()]),
      ["total", ...this.#total.cells()],
    ];
    const widths = titles.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
    return rows.map((row) =>
      row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()
    );
  }
}
