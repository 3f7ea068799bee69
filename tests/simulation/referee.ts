import type { HookCall } from "../../lib/legion/effects.ts";
import { type Conditions, type Expectation, expectation } from "./expectation.ts";
import { guardedNodes } from "./guarded.ts";
import { Holding } from "./holding.ts";
import { type Figures, Lords, saysLease } from "./lords.ts";
import type { Process } from "./process.ts";
import type { Robot } from "./robot.ts";
import { type RestartFigure, RestartWatch } from "./restart_watch.ts";
import { maxMembers, type Scenario } from "./scenario.ts";
import { type Schedule, togetherBoundMs } from "./schedule.ts";

/** The outcome of the time after the last fault. */
export interface Settling {
  /** Whether one of the nodes had to be lord. */
  lordWanted: boolean;
  /** Whether there was no lord at all in the last part of the day, although one had to be. */
  stayedLordless: boolean;
  /** From the last fault to the last moment without exactly one lord, in milliseconds. */
  tookMs: number;
}

/** The things that a referee looks at. */
export interface RefereeOptions extends Omit<Conditions, "processes" | "isModest"> {
  readonly schedule: Schedule;
  readonly robot: Robot;
  readonly nowMs: () => number;
  /** Whether no fault keeps the nodes from hearing each other. */
  readonly isWhole: () => boolean;
  /** Gives the running processes. */
  readonly processes: () => readonly Process[];
}

/** Checks after every event of a run that the rules are kept. */
export class Referee {
  /** The broken rules, each in words with the time and the nodes. */
  readonly violations: string[] = [];
  readonly settling: Settling = { lordWanted: false, stayedLordless: false, tookMs: 0 };
  readonly #options: RefereeOptions;
  readonly #scenario: Scenario;
  readonly #guarded: ReadonlySet<string>;
  readonly #holding = new Holding();
  readonly #lords: Lords;
  readonly #restarts: RestartWatch;
  /** The processes that have an address to give back, since their lord hooks have begun. */
  readonly #begun = new WeakSet<Process>();
  /** The processes whose lord hooks have failed since they were lord. */
  readonly #failed = new WeakSet<Process>();
  readonly #told = new Map<string, string>();
  #expected?: Expectation;
  #lastLordlessMs = -Infinity;

  /** Begins with the day. */
  constructor(options: RefereeOptions) {
    this.#options = options;
    this.#scenario = options.scenario;
    this.#guarded = guardedNodes(options.scenario);
    this.#lords = new Lords(this.#holding, options.isWhole);
    this.#restarts = new RestartWatch({ ...options, broken: (what) => this.#broken(what) });
  }

  /** The restarts on calm parts of the day, up to now. */
  get restarts(): readonly RestartFigure[] {
    return this.#restarts.figures;
  }

  /** The times before whose events {@link Referee.look} is to be called, in milliseconds. */
  get looksMs(): readonly number[] {
    return this.#restarts.timesMs;
  }

  /** Looks at the nodes before a restart, and when all is calm again. */
  look(): void {
    this.#restarts.look();
  }

  /** The figures up to now. */
  get figures(): Figures {
    return this.#lords.figures;
  }

  /** Counts a stretch of time without events. */
  pass(ms: number): void {
    const { nowMs, processes, schedule: { calmMs, settledMs } } = this.#options;
    const fromMs = nowMs();
    const { lordlessMs } = this.#lords.pass(ms, fromMs, processes());
    this.#restarts.pass(lordlessMs);
    const isUnsettled = lordlessMs > 0 || this.#lordsNow().length > 1;
    if (ms === 0 || !isUnsettled) return;
    if (fromMs + ms > calmMs && fromMs < settledMs) this.settling.tookMs = fromMs + ms - calmMs;
    if (lordlessMs > 0 && fromMs >= settledMs) this.#missLord(fromMs, lordlessMs);
  }

  /** Checks the rules after a step of a process. */
  stepped(process: Process): void {
    const { members, sendersKnown, candidate, uuid, support } = process.view;
    this.#holding.stepped(process);
    if (members.length > maxMembers || sendersKnown > 2 * maxMembers + 1) {
      this.#broken(`${process.name} has ${members.length} members, knows ${sendersKnown} senders`);
    }
    const isLord = process.lordUntilMs > this.#options.nowMs();
    if (isLord) this.#failed.delete(process);
    // By uWSGI's rule a lord votes for its better until all do.
    if (isLord && this.#scenario.rule === "lease" && this.#guarded.has(process.name)) {
      if (candidate?.uuid !== uuid) this.#broken(`${process.name} is lord without its vote`);
      if (support !== uuid) this.#broken(`${process.name} is lord without its support`);
    }
    this.#checkPairs();
    this.#checkExpected();
    this.#restarts.stepped(process);
  }

  /** Takes in what a process goes on with, before its first step. */
  started(process: Process): void {
    const { resumes, past } = process;
    if (resumes !== undefined && resumes.lordship !== "none") this.#begun.add(process);
    if (past.kind === "noted" && past.notes.spares?.why === "hook failed") {
      this.#failed.add(process);
    }
  }

  /** Checks the order of hooks when some begin. */
  hooksBegin(process: Process, { event, resumed = false }: HookCall): void {
    if (process.runsHooks) this.#broken(`${process.name} runs two hooks at a time`);
    const hasBegun = this.#begun.has(process);
    const failed = this.#failed.has(process);
    if (event === "unlord" && !hasBegun) {
      this.#broken(`${process.name} runs unlord hooks without lord`);
    }
    // After lord hooks that failed there may be nothing to give back.
    if (event === "lord" && hasBegun && !failed && !resumed) {
      this.#broken(`${process.name} runs lord hooks twice`);
    }
    if (resumed && !hasBegun) {
      this.#broken(`${process.name} takes up again what it was not`);
    }
    if (event === "lord") this.#begun.add(process);
    if (event === "unlord") this.#begun.delete(process);
  }

  /** Notes that lord hooks have failed. */
  hooksFailed(process: Process): void {
    this.#failed.add(process);
  }

  /** Looks who has to be lord from now on, after the time that a legion may take to recover. */
  settled(): void {
    const { processes, scenario: { deathOnLordErrorMs } } = this.#options;
    const expected = expectation({
      ...this.#options,
      processes: processes(),
      isModest: (process) => deathOnLordErrorMs > 0 && this.#failed.has(process),
    });
    this.#expected = expected;
    this.settling.lordWanted = (expected?.must.length ?? 0) > 0;
    this.settling.stayedLordless = this.settling.lordWanted;
    this.#checkExpected();
  }

  /** Checks, long after the last fault, that the lord has the address. */
  end(): void {
    const lords = this.#lordsNow();
    const { togetherMs } = this.figures;
    const boundMs = togetherBoundMs(this.#scenario);
    if (togetherMs > boundMs) {
      const [was, may] = [togetherMs, boundMs].map((ms) => (ms / 1000).toFixed(3));
      this.#broken(`two were lord for ${was} s on end, all links whole: more than ${may} s`);
    }
    const { pointsTo } = this.#options.robot;
    if (!this.settling.lordWanted || lords.length !== 1) return;
    if (pointsTo !== lords[0].name) {
      this.#broken(`at the end the address points to ${pointsTo || "nowhere"}`);
    }
  }

  /** Notes that there is no lord once all has settled, although there must be one. */
  #missLord(fromMs: number, ms: number): void {
    if (!this.settling.lordWanted) return;
    const isNew = fromMs > this.#lastLordlessMs;
    this.#lastLordlessMs = fromMs + ms;
    const names = this.#expected?.must.map(({ name }) => name).join(" or ");
    if (isNew) this.#broken(`there is no lord; ${names} should be`);
  }

  /** Checks that the lords are those that are to be, once all has settled. */
  #checkExpected(): void {
    const expected = this.#expected;
    if (expected === undefined) return;
    const { best, may, one } = expected;
    const lords = this.#lordsNow();
    if (lords.length > 0) this.settling.stayedLordless = false;
    const wrong = lords.filter((lord) => !may.includes(lord));
    this.#tell("wrong", wrong, (names) => `${names} is lord, and nobody that may be`);
    if (one) this.#tell("two", twoOrMore(lords), (names) => `${names} are lord after all faults`);
    if (best === undefined) return;
    const others = lords.filter((lord) => lord !== best);
    this.#tell("best", others, (names) => `${names} is lord; ${best.name} should be`);
  }

  #lordsNow(): Process[] {
    const now = this.#options.nowMs();
    return this.#options.processes().filter(({ lordUntilMs }) => lordUntilMs > now);
  }

  /** Checks that only one node at a time is lord, or runs lord hooks, which may move the address. */
  #checkPairs(): void {
    const now = this.#options.nowMs();
    const { rule } = this.#scenario;
    const all = this.#options.processes();
    const lords = all.filter((process) => this.#holding.untilMs(process) > now);
    const claiming = rule === "uwsgi"
      ? []
      : all.filter((process) => this.#holding.claimUntilMs(process) > now);
    const guarded = (process: Process) => this.#guarded.has(process.name);
    this.#tell(
      "lords",
      twoOrMore(lords.filter(guarded)),
      (names) => `${names} are lord at one instant`,
    );
    this.#tell(
      "claims",
      twoOrMore(claiming.filter(guarded)),
      (names) => `${names} are lord, or taking over, at one instant`,
    );
    this.#tell(
      "leased lords",
      twoOrMore(lords.filter(saysLease)),
      (names) => `${names} are lord at one instant, and say that the lease holds`,
    );
    this.#tell(
      "leased claims",
      twoOrMore(claiming.filter(saysLease)),
      (names) => `${names} are lord, or taking over, at one instant, and say that the lease holds`,
    );
  }

  /** Notes a broken rule when it begins to be broken by some processes. */
  #tell(rule: string, by: readonly Process[], inWords: (names: string) => string): void {
    const names = by.map(({ name }) => name).join(" and ");
    if (names !== "" && names !== this.#told.get(rule)) this.#broken(inWords(names));
    this.#told.set(rule, names);
  }

  #broken(what: string): void {
    this.violations.push(`${(this.#options.nowMs() / 1000).toFixed(3)} ${what}`);
  }
}

function twoOrMore(processes: readonly Process[]): readonly Process[] {
  return processes.length > 1 ? processes : [];
}
