import { equalData } from "../base/equal_data.ts";
import type { Check } from "../base/check.ts";
import type { CheckStats, RememberedCheck } from "../base/check.ts";
import { CheckRunner } from "../checks/check_runner.ts";
import type { Clock } from "../base/clock.ts";
import type { Reason } from "../legion/reason.ts";
import { type Drain, drainReason, DrainState, drainText } from "./drain.ts";
import type { RememberedService } from "./memory/memory.ts";
import type { RefusedLogin } from "./refused_logins.ts";

/** The things that decide whether a legion's node may be lord. */
export interface FitnessWatchOptions {
  /** The legion's name. */
  readonly legion: string;
  /** The checks of the service, in the order of the configuration. */
  readonly checks: readonly Check[];
  /** The clock that times checks and drains. */
  readonly clock: Clock;
  /** Takes the lines for the log. */
  readonly log: (level: "info" | "warn", message: string) => void;
  /** Called with the reasons why this node may not be lord, when they have changed. */
  readonly tell: (reasons: readonly Reason[]) => void;
  /** The service as it was before a restart of the process; undefined: this is a first start. */
  readonly before?: ServiceBefore;
  /** Called with the things to remember of the service, when they have changed. */
  readonly note?: (service: RememberedService) => void;
}

/** The service as it was before a restart of the node's process. */
export interface ServiceBefore extends RememberedService {
  /**
   * Whether the node stood for the title then. As after a reload, a check that is not remembered
   * does not keep such a node back before it has passed or failed.
   */
  readonly stood: boolean;
}

interface WatchedCheck {
  readonly check: Check;
  readonly runner: CheckRunner;
  /** Whether the check counts only once it has passed or failed. */
  readonly mayWait: boolean;
}

/**
 * Watches whether a node may be lord: by the checks of its service, by drains, and by the logins that
 * its lord hooks need.
 */
export class FitnessWatch {
  readonly #options: FitnessWatchOptions;
  readonly #drain: DrainState;
  #checks: readonly WatchedCheck[];
  /** The checks that a reload has taken out, while they end. */
  #ending: Promise<unknown> = Promise.resolve();
  /** The logins that are refused for good. */
  #refused: readonly RefusedLogin[] = [];
  #closed = false;
  #told: readonly Reason[] = [];

  /** Watches from {@link FitnessWatch.start} on. */
  constructor(options: FitnessWatchOptions) {
    this.#options = options;
    const { checks = [], stood: mayWait = false } = options.before ?? {};
    const rest = [...checks];
    this.#checks = options.checks.map((check) =>
      this.#watched(check, { mayWait, remembered: taken(rest, check) })
    );
    this.#drain = new DrainState(
      options.clock,
      (drain) => this.#resumed(overText(drain)),
      options.before?.drain,
    );
  }

  /** Begins the checks; until they have passed, now or before, the node may not be lord. */
  start(): void {
    this.#tellDrainBefore();
    this.#note();
    this.#tell();
    for (const { runner } of this.#checks) runner.start();
  }

  /** Ends the checks, running ones too. The result told last stays. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#drain.end();
    await Promise.all([this.#ending, ...this.#checks.map(({ runner }) => runner.close())]);
  }

  /**
   * Goes by other checks from now on. A check that is the same goes on as it was. While the node may
   * be lord a new check counts only once it has passed or failed: a reload must not cost a lord its
   * title.
   */
  replace(checks: readonly Check[]): void {
    if (this.#closed) return;
    const mayWait = this.#reasons().length === 0;
    const rest = [...this.#checks];
    this.#checks = checks.map((check) => {
      const at = rest.findIndex((before) => isSame(before.check, check));
      if (at >= 0) return { ...rest.splice(at, 1)[0], check };
      const watched = this.#watched(check, { mayWait });
      watched.runner.start();
      return watched;
    });
    this.#ending = Promise.all([this.#ending, ...rest.map(({ runner }) => runner.close())]);
    this.#note();
    this.#tell();
  }

  /** The checks, in the order of the configuration. */
  get checks(): CheckStats[] {
    return this.#checks.map(({ runner, check: { line } }) => ({ ...runner.stats(), line }));
  }

  /** The drain of the node; undefined: none. */
  get drained(): Drain | undefined {
    return this.#drain.current;
  }

  /**
   * Keeps the node from being lord until {@link FitnessWatch.resume}, or for so many milliseconds
   * (Infinity: no limit).
   */
  drain(by: string, forMs: number): void {
    if (this.#closed) return;
    this.#options.log("info", drainText(this.#drain.begin(by, forMs)));
    this.#note();
    this.#tell();
  }

  /** Ends a drain; false: there was none. */
  resume(by: string): boolean {
    if (!this.#drain.end()) return false;
    this.#resumed(`resumed by ${by}`);
    return true;
  }

  /** Takes in which logins are refused for good. */
  refused(logins: readonly RefusedLogin[]): void {
    if (this.#closed || equalData(logins, this.#refused)) return;
    this.#refused = logins;
    this.#note();
    this.#tell();
  }

  #watched(
    check: Check,
    { mayWait, remembered }: { mayWait: boolean; remembered?: RememberedCheck },
  ): WatchedCheck {
    const { legion, clock } = this.#options;
    const changed = (stats: CheckStats) => this.#checkChanged(check, stats);
    const runner = new CheckRunner({ check, legion, clock, remembered, changed });
    return { check, mayWait, runner };
  }

  #tellDrainBefore(): void {
    const { before, log } = this.#options;
    if (before?.drain === undefined) return;
    const { current } = this.#drain;
    if (current === undefined) log("info", overText(before.drain));
    else log("info", `${drainText(current)} (from before the restart)`);
  }

  #resumed(how: string): void {
    this.#options.log("info", how);
    this.#note();
    this.#tell();
  }

  #checkChanged({ leader }: Check, { name, state, output }: CheckStats): void {
    const { log } = this.#options;
    if (state === "passing") log("info", `check ${name} passes: ${output}`);
    else log(leader ? "info" : "warn", `check ${name} fails: ${output}`);
    this.#note();
    this.#tell();
  }

  /** Has the service remembered. To come first: what is told next may end in a note of its own. */
  #note(): void {
    const checks = this.#checks.flatMap(({ runner }) => runner.result ?? []);
    const refused = this.#refused.map(({ why: _, ...login }) => login);
    this.#options.note?.({ checks, drain: this.#drain.current, refused });
  }

  #tell(): void {
    const reasons = this.#reasons();
    if (equalData(reasons, this.#told)) return;
    this.#told = reasons;
    this.#options.tell(reasons);
  }

  #reasons(): Reason[] {
    const drain = this.#drain.current;
    const failing = this.#checks
      .map(({ runner, mayWait, check: { leader } }) => ({ ...runner.stats(), mayWait, leader }))
      .filter(({ state, mayWait }) => state === "failing" || (state === "pending" && !mayWait));
    return [
      ...drain === undefined ? [] : [drainReason(drain)],
      ...failing.map((check): Reason => ({
        kind: check.leader ? "not leader" : "unfit",
        why: whyUnfit(check),
      })),
      ...this.#refused.map(({ why }) => ({ kind: "refused", why }) as const),
    ];
  }
}

/** Whether two checks are the same, apart from their place in the file. */
function isSame(a: Check, b: Check): boolean {
  return equalData({ ...a, file: "", line: 0 }, { ...b, file: "", line: 0 });
}

function overText({ by }: Drain): string {
  return `the drain by ${by} is over`;
}

/** Takes the result of a check out of those remembered: one of its name and kind. */
function taken(remembered: RememberedCheck[], { name, probe }: Check): RememberedCheck | undefined {
  const at = remembered.findIndex((one) => one.name === name && one.kind === probe.kind);
  return at < 0 ? undefined : remembered.splice(at, 1)[0];
}

function whyUnfit({ name, state, output }: CheckStats): string {
  if (state === "failing") return `check ${name} fails: ${output}`;
  return `check ${name} has not passed yet`;
}
