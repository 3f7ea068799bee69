import type { HookEvent } from "../../lib/base/hook_event.ts";
import type { Process } from "./process.ts";
import type { Robot } from "./robot.ts";
import { isGuaranteed, maxMembers, type Scenario } from "./scenario.ts";

/** The figures of a run. */
export interface Figures {
  /** The time during which two or more nodes were lord at one instant, in milliseconds. */
  twoLordsMs: number;
  /** The time without a lord, in milliseconds. */
  lordlessMs: number;
  /** The length of the run, in milliseconds. */
  totalMs: number;
}

/** Checks after every event of a run that the rules are kept. */
export class Referee {
  readonly figures: Figures = { twoLordsMs: 0, lordlessMs: 0, totalMs: 0 };
  /** The broken rules, each in words with the time and the nodes. */
  readonly violations: string[] = [];
  readonly #scenario: Scenario;
  readonly #robot: Robot;
  readonly #nowMs: () => number;
  /** Gives the running processes. */
  readonly #processes: () => readonly Process[];
  /** The processes whose lord hooks have begun, and which so have an address to give back. */
  readonly #holding = new WeakSet<Process>();
  /** The end of each process's lease, as of the last time when it held the title. */
  readonly #leaseEndsMs = new WeakMap<Process, number>();
  #twoBefore = "";
  #claimsBefore = "";

  constructor(
    options: {
      scenario: Scenario;
      robot: Robot;
      nowMs: () => number;
      processes: () => readonly Process[];
    },
  ) {
    this.#scenario = options.scenario;
    this.#robot = options.robot;
    this.#nowMs = options.nowMs;
    this.#processes = options.processes;
  }

  /** Counts a stretch of time without events. */
  pass(ms: number): void {
    const fromMs = this.#nowMs();
    const ends = this.#processes().map((process) => this.#holdsUntilMs(process))
      .map((untilMs) => Math.min(untilMs, fromMs + ms) - fromMs).filter((heldMs) => heldMs > 0)
      .sort((a, b) => b - a);
    this.figures.totalMs += ms;
    this.figures.lordlessMs += ms - (ends[0] ?? 0);
    this.figures.twoLordsMs += ends[1] ?? 0;
  }

  /** Checks the rules after a step of a process. */
  stepped(process: Process): void {
    const view = process.legion.view();
    const { members, sendersKnown, candidate, uuid, lordUntilMs, endsMs, lordship, phase } = view;
    // A failed lord hook ends in a suspension, after which there is nothing to give back.
    if (phase === "suspended") this.#holding.delete(process);
    if (members.length > maxMembers || sendersKnown > 2 * maxMembers + 1) {
      this.#broken(`${process.name} has ${members.length} members, knows ${sendersKnown} senders`);
    }
    const holds = phase === "voting" && (lordship === "lord" || lordship === "taking over");
    if (holds) this.#leaseEndsMs.set(process, process.trueMs(endsMs));
    const isLord = process.trueMs(lordUntilMs) > this.#nowMs();
    // A uWSGI node is left out: by its rule a lord votes for its better until all do.
    if (isGuaranteed(this.#scenario) && !process.plan.uwsgi && isLord) {
      if (candidate?.uuid !== uuid) this.#broken(`${process.name} is lord without its vote`);
      if (view.support !== uuid) this.#broken(`${process.name} is lord without its support`);
    }
    this.#checkLords();
    if (this.#scenario.rule === "lease" && isGuaranteed(this.#scenario)) this.#checkClaims();
  }

  /** Checks the order of hooks when some begin. */
  hooksBegin(process: Process, event: HookEvent): void {
    if (process.runsHooks) this.#broken(`${process.name} runs two hooks at a time`);
    const holds = this.#holding.has(process);
    if (event === "unlord" && !holds) {
      this.#broken(`${process.name} runs unlord hooks without lord`);
    }
    if (event === "lord" && holds) this.#broken(`${process.name} runs lord hooks twice`);
    if (event === "lord") this.#holding.add(process);
    if (event === "unlord") this.#holding.delete(process);
  }

  /** Checks, long after the last fault, that the right node is lord and has the address. */
  end(): void {
    // With a lease that is `on`, uWSGI's nodes are not part of the legion.
    const isPart = ({ plan }: Process) => this.#scenario.lease !== "on" || !plan.uwsgi;
    const living = this.#processes().filter(isPart);
    const able = living.filter(({ plan }) => plan.valor > 0);
    const best = able.toSorted((a, b) => rank(b, a)).at(0);
    const lords = living.filter((process) =>
      process.trueMs(process.legion.lordUntilMs) > this.#nowMs()
    );
    const names = lords.map(({ name }) => name).join(" and ");
    if (living.length < this.#scenario.quorum || best === undefined) return;
    const { kind } = this.#scenario.failback;
    if (kind !== "immediate" && lords.length === 1) {
      // Any node may be lord: one that was lord when its betters came back stays lord.
      this.#checkAddress(lords[0]);
    } else if (lords.length !== 1 || lords[0] !== best) {
      this.#broken(`at the end ${best.name} should be lord; lord is ${names || "nobody"}`);
    } else {
      this.#checkAddress(best);
    }
  }

  #checkAddress(lord: Process): void {
    if (this.#robot.pointsTo === lord.name) return;
    this.#broken(`at the end the address points to ${this.#robot.pointsTo || "nowhere"}`);
  }

  #checkLords(): void {
    const now = this.#nowMs();
    const lords = this.#processes().filter((process) =>
      this.#mayBeOnlyLord(process) && this.#holdsUntilMs(process) > now
    );
    const names = lords.length > 1 ? lords.map(({ name }) => name).join(" and ") : "";
    if (names !== "" && names !== this.#twoBefore) this.#broken(`${names} are lord at one instant`);
    this.#twoBefore = names;
  }

  /** Checks that only one node at a time is lord or runs lord hooks, which may move the address. */
  #checkClaims(): void {
    const now = this.#nowMs();
    const claiming = this.#processes().filter((process) =>
      this.#mayBeOnlyLord(process) && process.trueMs(process.legion.claimUntilMs) > now
    );
    const names = claiming.length > 1 ? claiming.map(({ name }) => name).join(" and ") : "";
    if (names !== "" && names !== this.#claimsBefore) {
      this.#broken(`${names} are lord, or taking over, at one instant`);
    }
    this.#claimsBefore = names;
  }

  /** Whether no other node may be lord beside this one, by the lease or by uWSGI's rule. */
  #mayBeOnlyLord({ plan }: Process): boolean {
    return this.#scenario.rule === "uwsgi" || (isGuaranteed(this.#scenario) && !plan.uwsgi);
  }

  /**
   * The time until which a process holds the title if nothing happens, with its unlord hooks where
   * the configuration gives them time; -Infinity: the process does not hold it.
   */
  #holdsUntilMs(process: Process): number {
    if (process.ended) return -Infinity;
    const { releaseMs } = this.#scenario;
    const { lordship, lordSince, phase, lordUntilMs } = process.legion.view();
    // The process has to begin to release by this time, but cannot while it stands still.
    const dueMs = this.#leaseEndsMs.get(process) ?? -Infinity;
    const isLate = process.stoodStillAt(dueMs);
    if (phase === "voting" && lordship === "lord") {
      const untilMs = process.trueMs(lordUntilMs);
      return isLate ? untilMs : untilMs + releaseMs / process.plan.clockRate;
    }
    const releases = lordship === "releasing" || (phase === "dying" && lordSince > 0);
    if (!releases || releaseMs === 0) return -Infinity;
    return isLate ? Math.min(process.hooksEndMs, dueMs) : process.hooksEndMs;
  }

  #broken(what: string): void {
    this.violations.push(`${(this.#nowMs() / 1000).toFixed(3)} ${what}`);
  }
}

/** Compares two processes: positive where `a` is to be lord rather than `b`. */
function rank(a: Process, b: Process): number {
  const [left, right] = [a, b].map((process) => process.legion.view().uuid);
  return a.plan.valor - b.plan.valor || (left < right ? -1 : left > right ? 1 : 0);
}
