import type { HookEvent } from "../../lib/base/hook_event.ts";
import type { Process } from "./process.ts";
import type { Robot } from "./robot.ts";
import { isGuaranteed, maxMembers, type Scenario } from "./scenario.ts";

/** What is counted of a run. */
export interface Figures {
  /** For how long two nodes or more were lord at one instant, in milliseconds. */
  twoLordsMs: number;
  /** For how long none was. */
  lordlessMs: number;
  /** For how long all of it went. */
  totalMs: number;
}

/** Sees to it that the rules are kept, after every event of a run. */
export class Referee {
  readonly figures: Figures = { twoLordsMs: 0, lordlessMs: 0, totalMs: 0 };
  /** The rules that were broken, each with when and by whom. */
  readonly violations: string[] = [];
  readonly #scenario: Scenario;
  readonly #robot: Robot;
  readonly #nowMs: () => number;
  /** The processes that live. */
  readonly #processes: () => readonly Process[];
  /** The processes that have something to give back: their lord hooks have begun. */
  readonly #holding = new WeakSet<Process>();
  /** When the lease of a process ended, or ends, as it was when it last held the title. */
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

  /** Time passes in which nothing happens. */
  pass(ms: number): void {
    const fromMs = this.#nowMs();
    const ends = this.#processes().map((process) => this.#holdsUntilMs(process))
      .map((untilMs) => Math.min(untilMs, fromMs + ms) - fromMs).filter((heldMs) => heldMs > 0)
      .sort((a, b) => b - a);
    this.figures.totalMs += ms;
    this.figures.lordlessMs += ms - (ends[0] ?? 0);
    this.figures.twoLordsMs += ends[1] ?? 0;
  }

  /** A process has made a step. */
  stepped(process: Process): void {
    const view = process.legion.view();
    const { members, sendersKnown, candidate, uuid, lordUntilMs, endsMs, lordship, phase } = view;
    // A failed lord hook ends in a suspension: then it has nothing to give back.
    if (phase === "suspended") this.#holding.delete(process);
    if (members.length > maxMembers || sendersKnown > 2 * maxMembers + 1) {
      this.#broken(`${process.name} has ${members.length} members, knows ${sendersKnown} senders`);
    }
    const holds = phase === "voting" && (lordship === "lord" || lordship === "taking over");
    if (holds) this.#leaseEndsMs.set(process, process.trueMs(endsMs));
    const isLord = process.trueMs(lordUntilMs) > this.#nowMs();
    // By uWSGI's rule a lord votes for its better until all do.
    if (isGuaranteed(this.#scenario) && !process.plan.uwsgi && isLord) {
      if (candidate?.uuid !== uuid) this.#broken(`${process.name} is lord without its vote`);
      if (view.support !== uuid) this.#broken(`${process.name} is lord without its support`);
    }
    this.#checkLords();
    if (this.#scenario.rule === "lease" && isGuaranteed(this.#scenario)) this.#checkClaims();
  }

  /** Hooks begin. */
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

  /** All faults are long over. */
  end(): void {
    // Where the lease is a must, uWSGI's nodes are not part of the legion.
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
      // Whoever was lord when its betters came back.
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

  /** The lord hooks may take the address before they have ended, so a claim needs its lease too. */
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

  /** Whether no other may be lord beside it: uWSGI's rule says so too, where all go by it. */
  #mayBeOnlyLord({ plan }: Process): boolean {
    return this.#scenario.rule === "uwsgi" || (isGuaranteed(this.#scenario) && !plan.uwsgi);
  }

  /**
   * Until when a process holds the title if nothing happens, its unlord hooks counted in where the
   * configuration gives them time; -Infinity: it does not.
   */
  #holdsUntilMs(process: Process): number {
    if (process.ended) return -Infinity;
    const { releaseMs } = this.#scenario;
    const { lordship, lordSince, phase, lordUntilMs } = process.legion.view();
    // It has to begin to release by then; one that stands still cannot.
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

/** Positive where `a` is to be lord rather than `b`. */
function rank(a: Process, b: Process): number {
  const [left, right] = [a, b].map((process) => process.legion.view().uuid);
  return a.plan.valor - b.plan.valor || (left < right ? -1 : left > right ? 1 : 0);
}
