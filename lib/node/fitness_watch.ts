import type { Check } from "../config/config.ts";
import type { Unfitness } from "../legion/fitness.ts";
import type { CheckStats } from "../status/report.ts";
import { CheckRunner } from "./check_runner.ts";
import type { Clock } from "./clock.ts";
import { type Drain, DrainState } from "./drain.ts";

/** What a legion's node is watched with. */
export interface FitnessWatchOptions {
  /** The legion's name. */
  readonly legion: string;
  readonly checks: readonly Check[];
  readonly clock: Clock;
  readonly log: (level: "info" | "warn", message: string) => void;
  /** Told why this node may not be lord, when that has changed; undefined: it may. */
  readonly tell: (unfitness: Unfitness | undefined) => void;
}

/** Whether a node is fit to be lord: by the checks of its service, and by who has drained it. */
export class FitnessWatch {
  readonly #options: FitnessWatchOptions;
  readonly #checks: readonly CheckRunner[];
  readonly #drain: DrainState;
  #told?: string;

  constructor(options: FitnessWatchOptions) {
    this.#options = options;
    const { legion, clock } = options;
    const changed = (check: CheckStats) => this.#checkChanged(check);
    this.#checks = options.checks.map((check) =>
      new CheckRunner({ check, legion, clock, changed })
    );
    this.#drain = new DrainState(clock, ({ by }) => this.#resumed(`the drain by ${by} is over`));
  }

  /** Begins the checks; until they have passed the node is not fit. */
  start(): void {
    this.#tell();
    for (const check of this.#checks) check.start();
  }

  /** Ends the checks, also those that run. What was told last stays. */
  async close(): Promise<void> {
    this.#drain.end();
    await Promise.all(this.#checks.map((check) => check.close()));
  }

  /** The checks, in the order of the configuration. */
  get checks(): CheckStats[] {
    return this.#checks.map((check) => check.stats());
  }

  /** Who wants the node to stay out; undefined: nobody. */
  get drained(): Drain | undefined {
    return this.#drain.current;
  }

  /** Makes the node unfit until {@link FitnessWatch.resume}, or for so long (Infinity: for ever). */
  drain(by: string, forMs: number): void {
    this.#drain.begin(by, forMs);
    this.#options.log(
      "info",
      `drained by ${by}${forMs < Infinity ? ` for ${forMs / 1000} s` : ""}`,
    );
    this.#tell();
  }

  /** Ends a drain; false when there was none. */
  resume(by: string): boolean {
    if (!this.#drain.end()) return false;
    this.#resumed(`resumed by ${by}`);
    return true;
  }

  #resumed(how: string): void {
    this.#options.log("info", how);
    this.#tell();
  }

  #checkChanged({ name, state, output }: CheckStats): void {
    const { log } = this.#options;
    if (state === "passing") log("info", `check ${name} passes: ${output}`);
    else log("warn", `check ${name} fails: ${output}`);
    this.#tell();
  }

  #tell(): void {
    const unfitness = this.#unfitness();
    const key = JSON.stringify(unfitness) ?? "";
    if (key === (this.#told ?? "")) return;
    this.#told = key;
    this.#options.tell(unfitness);
  }

  #unfitness(): Unfitness | undefined {
    const drain = this.#drain.current;
    const failing = this.checks.filter(({ state }) => state !== "passing").map(whyUnfit);
    if (drain !== undefined) {
      const why = [`drained by ${drain.by}`, ...failing].join("; ");
      // When a check will pass again nobody knows.
      const ends = failing.length === 0 ? { untilMs: drain.untilMs } : {};
      return { why, planned: true, ...ends };
    }
    return failing.length === 0 ? undefined : { why: failing.join("; "), planned: false };
  }
}

function whyUnfit({ name, state, output }: CheckStats): string {
  if (state === "failing") return `check ${name} fails: ${output}`;
  return `check ${name} has not passed yet`;
}
