import { errorMessage } from "../base/error_message.ts";
import type { Check } from "../base/check.ts";
import { probe, type ProbeContext, type ProbeResult, type ProbeRun } from "./probe.ts";
import type { CheckStats, RememberedCheck } from "../base/check.ts";
import type { Clock } from "../base/clock.ts";
import { RiseFall } from "./rise_fall.ts";

/** The things a check is run with. */
export interface CheckRunnerOptions {
  /** The check to run. */
  readonly check: Check;
  /** The legion's name. */
  readonly legion: string;
  /** The clock that times the runs. */
  readonly clock: Clock;
  /** The last result before a restart of the node; undefined: the check begins as `pending`. */
  readonly remembered?: RememberedCheck;
  /** Called when the check has begun to pass or to fail. */
  readonly changed: (check: CheckStats) => void;
  /** Runs a probe once; {@link probe} by default. */
  readonly ask?: (what: Check["probe"], context: ProbeContext) => ProbeRun;
}

/**
 * Runs one check again and again, an interval from the beginning of one run to that of the next, or
 * as soon as the one before has ended. No two runs ever overlap: a run that cannot be killed counts
 * as a failure each interval, until gone.
 */
export class CheckRunner {
  readonly #options: CheckRunnerOptions;
  readonly #riseFall: RiseFall;
  readonly #closed = new AbortController();
  #looping: Promise<void> = Promise.resolve();
  #over: Promise<unknown> = Promise.resolve();
  #output: string;
  #runs = 0;
  /** Since when the check is in its state, in milliseconds since 1970. */
  #sinceWallMs: number;

  /** Begins as `pending`, or with the result that is remembered, without a run. */
  constructor(options: CheckRunnerOptions) {
    const { check, clock, remembered } = options;
    this.#options = options;
    this.#riseFall = new RiseFall(check, remembered?.state);
    this.#sinceWallMs = remembered?.sinceWallMs ?? clock.now().wallMs;
    this.#output = remembered?.output ?? "";
  }

  /** Begins with the first run. */
  start(): void {
    this.#looping = this.#loop().catch(reportError);
  }

  /** Ends the runs, calling off one in progress. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#looping;
    await this.#over;
  }

  /** The check's status. */
  stats(): CheckStats {
    const { check: { name, line, probe: { kind } } } = this.#options;
    return {
      name,
      kind,
      line,
      state: this.#riseFall.state,
      since: Math.floor(this.#sinceWallMs / 1000),
      output: this.#output,
      runs: this.#runs,
    };
  }

  /** The last result, to be remembered; undefined: the check is `pending`. */
  get result(): RememberedCheck | undefined {
    const { check: { name, probe: { kind } } } = this.#options;
    const { state } = this.#riseFall;
    if (state === "pending") return undefined;
    return { name, kind, state, sinceWallMs: this.#sinceWallMs, output: this.#output };
  }

  async #loop(): Promise<void> {
    const { check: { intervalMs }, clock } = this.#options;
    const { signal } = this.#closed;
    for (let dueMs = clock.now().monotonicMs; !signal.aborted;) {
      await this.#run();
      // The interval counts from when the run was due, so that late timers do not add up; missed
      // runs are not made up for.
      dueMs = Math.max(dueMs + intervalMs, clock.now().monotonicMs);
      await until(dueMs, clock, signal);
    }
  }

  async #run(): Promise<void> {
    const { check, legion } = this.#options;
    const { name, timeoutMs } = check;
    const { signal } = this.#closed;
    if (!await this.#isOver()) {
      if (!signal.aborted) this.#took(false, "the run before cannot be ended");
      return;
    }
    const { ok, output } = await this.#ask({ legion, check: name, timeoutMs, signal });
    if (!signal.aborted) this.#took(ok, output);
  }

  /**
   * Runs the probe. A check that cannot be asked, or ended, has failed: no mistake in it may end
   * the node.
   */
  async #ask(context: ProbeContext): Promise<ProbeResult> {
    const { check, ask = probe } = this.#options;
    try {
      const { result, over } = ask(check.probe, context);
      this.#over = over.catch((error) => {
        if (!this.#closed.signal.aborted) this.#took(false, errorMessage(error));
      });
      return await result;
    } catch (error) {
      return { ok: false, output: errorMessage(error) };
    }
  }

  /** Whether nothing of the run before is left; waits up to an interval for that. */
  async #isOver(): Promise<boolean> {
    const { check: { intervalMs }, clock } = this.#options;
    const waited = new AbortController();
    const signal = AbortSignal.any([waited.signal, this.#closed.signal]);
    const over = this.#over.then(() => true);
    const late = until(clock.now().monotonicMs + intervalMs, clock, signal).then(() => false);
    // A run that is over already wins the race.
    const isOver = await Promise.race([over, late]);
    waited.abort();
    return isOver;
  }

  #took(ok: boolean, output: string): void {
    this.#runs++;
    this.#output = output;
    if (!this.#riseFall.take(ok)) return;
    const { clock, changed } = this.#options;
    this.#sinceWallMs = clock.now().wallMs;
    changed(this.stats());
  }
}

/** Resolves at a monotonic time, or when the signal is aborted. */
function until(monotonicMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.at(monotonicMs, resolve);
  const abort = () => resolve();
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) resolve();
  return promise.finally(() => {
    cancel();
    signal.removeEventListener("abort", abort);
  });
}
