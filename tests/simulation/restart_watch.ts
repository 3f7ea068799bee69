import { guardedNodes } from "./guarded.ts";
import type { Process } from "./process.ts";
import { type Fault, isRestart, type RestartKind, type Scenario } from "./scenario.ts";
import { longestToleranceMs } from "./schedule.ts";

/** A restart on a calm part of a day, and the time without a lord that it cost. */
export interface RestartFigure {
  /** The end of the process before. */
  readonly kind: RestartKind;
  /** Whether the node was lord. */
  readonly wasLord: boolean;
  /** The things that the new process knew: notes by which it went on, or took leave; or none. */
  readonly past: "resumed" | "noted" | "forgotten";
  /** From the end of the process to the start of the next, in milliseconds. */
  readonly absenceMs: number;
  /** The time without a lord until all is calm again, in milliseconds. */
  readonly lordlessMs: number;
}

/** One restart, or some that are as one, with nothing else near. */
interface Watch {
  readonly faults: readonly (Fault & { readonly kind: RestartKind })[];
  readonly fromMs: number;
  readonly untilMs: number;
  /** The end of the time in which its consequences show, in milliseconds. */
  readonly overMs: number;
  /** The lord before, and its uuid; undefined: all was not calm. */
  lord?: { readonly name: string; readonly uuid: string };
  /** The members that each other process has, by its name. */
  members: ReadonlyMap<string, string>;
  /** Whether the lord has to stay the lord, or be it again, and nobody may see anybody leave. */
  isKept: boolean;
  lordlessMs: number;
}

/** The things that a watch looks at. */
export interface RestartWatchOptions {
  /** The day. */
  readonly scenario: Scenario;
  /** Gives the simulation's time, in milliseconds. */
  readonly nowMs: () => number;
  /** Gives the running processes. */
  readonly processes: () => readonly Process[];
  /** Called with a rule that was broken, in words. */
  readonly broken: (what: string) => void;
}

// Hooks, timers that are late, and the Robot, in milliseconds.
const slackMs = 150;

/**
 * Watches the restarts that have a calm time to themselves. A node that is back soon, with its
 * notes, costs nothing but the time that it was away: nobody else becomes lord, and nobody sees it
 * leave (LEASE.md, rule 12).
 */
export class RestartWatch {
  /** The restarts watched up to now. */
  readonly figures: RestartFigure[] = [];
  readonly #options: RestartWatchOptions;
  readonly #watches: readonly Watch[];
  #now?: Watch;

  /** Finds the restarts to watch. */
  constructor(options: RestartWatchOptions) {
    this.#options = options;
    const { scenario } = options;
    const isPlain = scenario.rule === "lease" &&
      guardedNodes(scenario).size === scenario.nodes.length;
    this.#watches = isPlain ? watchesOf(scenario) : [];
  }

  /** The times at which the watch wants to look, in milliseconds. */
  get timesMs(): readonly number[] {
    return this.#watches.flatMap(({ fromMs, overMs }) => [fromMs, overMs]);
  }

  /** Looks, before anything else that happens at this moment. */
  look(): void {
    const nowMs = this.#options.nowMs();
    if (this.#now !== undefined && nowMs >= this.#now.overMs) this.#finish(this.#now);
    const next = this.#watches.find(({ fromMs }) => fromMs === nowMs);
    if (next !== undefined) this.#begin(next);
  }

  /** Counts a stretch of time without a lord. */
  pass(lordlessMs: number): void {
    if (this.#now !== undefined) this.#now.lordlessMs += lordlessMs;
  }

  /** Checks the rules after a step of a process. */
  stepped(process: Process): void {
    const watch = this.#now;
    if (watch?.lord === undefined || !watch.isKept) return;
    const { lord, members } = watch;
    const { view: { lordship, phase, uuid }, name } = process;
    const isLord = name === lord.name;
    const seen = members.get(name);
    // A process that is told something before its start has no identity yet.
    if (isLord && phase !== "setting up" && uuid !== lord.uuid) {
      this.#giveUp(watch, `${name}, the lord, has another uuid after a restart`);
    } else if (!isLord && (lordship === "lord" || lordship === "taking over")) {
      this.#giveUp(watch, `${name} takes over, although ${lord.name} is back soon`);
    } else if (seen !== undefined && seen !== membersOf(process)) {
      this.#giveUp(watch, `${name} sees nodes come or go in a short restart`);
    }
  }

  #giveUp(watch: Watch, what: string): void {
    this.#options.broken(what);
    watch.isKept = false;
  }

  #begin(watch: Watch): void {
    this.#now = watch;
    const processes = this.#options.processes();
    const struck = watch.faults.map(({ nodes: [name] }) => name);
    const areAll = struck.every((name) => processes.some((process) => process.name === name));
    watch.lord = areAll ? this.#calmLord() : undefined;
    watch.isKept = watch.lord !== undefined && this.#mustKeep(watch, watch.lord.name);
    const others = processes.filter(({ name }) => !struck.includes(name));
    watch.members = new Map(others.map((process) => [process.name, membersOf(process)]));
  }

  #finish(watch: Watch): void {
    this.#now = undefined;
    const { lord, isKept, lordlessMs, faults, fromMs, untilMs } = watch;
    if (lord === undefined) return;
    const struck = faults.map(({ nodes: [name] }) => name);
    const processes = this.#options.processes();
    const isBack = processes.some(({ name, view }) => {
      return name === lord.name && view.lordship === "lord" && view.uuid === lord.uuid;
    });
    const awayMs = struck.includes(lord.name) ? untilMs - fromMs + this.#answerMs : 0;
    if (isKept && !isBack) this.#options.broken(`${lord.name} is not lord after a short restart`);
    if (isKept && lordlessMs > awayMs) {
      const seconds = (lordlessMs / 1000).toFixed(3);
      this.#options.broken(`no lord for ${seconds} s by a short restart of ${struck.join(" ")}`);
    }
    const [{ kind }] = faults;
    const process = processes.find(({ name }) => name === struck[0]);
    if (faults.length > 1 || process === undefined) return;
    const past = process.resumes !== undefined ? "resumed" : process.past.kind;
    const wasLord = lord.name === struck[0];
    this.figures.push({ kind, wasLord, past, absenceMs: untilMs - fromMs, lordlessMs });
  }

  /** The time from a start until the supporters of a lord have answered, and its hooks have ended. */
  get #answerMs(): number {
    return slackMs + 4 * this.#options.scenario.latencyMs;
  }

  /** The lord, if all support it and nothing is about to change; undefined: not all is calm. */
  #calmLord(): Watch["lord"] {
    const processes = this.#options.processes();
    const lord = processes.find(({ view }) => view.lordship === "lord");
    if (lord === undefined) return undefined;
    const { uuid } = lord.view;
    const isCalm = processes.every((process) => {
      const { phase, candidate, support, reasons } = process.view;
      const lasts = reasons.every(({ untilMs }) => untilMs === undefined);
      return phase === "voting" && candidate?.uuid === uuid && support === uuid && lasts &&
        !process.runsHooks;
    });
    return isCalm ? { name: lord.name, uuid } : undefined;
  }

  /** Whether all that are struck are back with their notes before anybody misses them. */
  #mustKeep({ faults, fromMs, untilMs }: Watch, lord: string): boolean {
    const { scenario: { loss, latencyMs, flap, noticeMs } } = this.#options;
    const processes = this.#options.processes();
    const struck = faults.map(({ nodes: [name] }) => name);
    const remembers = processes.every(({ name, isNoted }) => isNoted || !struck.includes(name));
    const isPlanned = faults.every(({ kind }) => kind === "crash" || kind === "restart");
    if (!remembers || !isPlanned || loss > 0 || noticeMs > 0 || flap.count < 50) return false;
    const plans = processes.map(({ plan }) => plan);
    const toleranceMs = 0.93 * Math.min(...plans.map((plan) => plan.toleranceMs));
    const freqMs = Math.max(...plans.map((plan) => plan.freqMs));
    const absenceMs = untilMs - fromMs + 4 * latencyMs;
    const releaseMs = Math.max(...plans.map((plan) => plan.releaseMs));
    if (struck.includes(lord)) return absenceMs + freqMs < toleranceMs;
    // A lord that needs the struck may have heard them a freq ago, and speaks again in a freq.
    const left = processes.length - struck.length;
    const isNeeded = plans.some(({ quorum }) => left < quorum);
    return isNeeded
      ? absenceMs + 2 * freqMs + releaseMs < toleranceMs
      : absenceMs + freqMs < toleranceMs;
  }
}

function membersOf({ view: { members } }: Process): string {
  return members.map(({ uuid }) => uuid).sort().join();
}

/** The restarts of a day that have a calm time to themselves. */
function watchesOf(scenario: Scenario): Watch[] {
  const calmMs = 1.5 * longestToleranceMs(scenario);
  const { faults } = scenario;
  const groups: Fault[][] = [];
  let lastMs = -Infinity;
  for (const fault of faults.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (fault.fromMs < lastMs + 2 * calmMs) groups.at(-1)!.push(fault);
    else groups.push([fault]);
    // A node that stays away for good disturbs nobody any more.
    const overMs = isRestart(fault) && fault.untilMs === Infinity ? fault.fromMs : fault.untilMs;
    lastMs = Math.max(lastMs, overMs);
  }
  return groups.flatMap((group): Watch[] => {
    const restarts = group.filter(isRestart);
    const names = new Set(restarts.map(({ nodes: [name] }) => name));
    if (restarts.length < group.length || names.size < group.length) return [];
    const fromMs = Math.min(...restarts.map((fault) => fault.fromMs));
    const untilMs = Math.max(...restarts.map((fault) => fault.untilMs));
    if (untilMs === Infinity) return [];
    const overMs = untilMs + calmMs;
    return [{
      faults: restarts,
      fromMs,
      untilMs,
      overMs,
      members: new Map(),
      isKept: false,
      lordlessMs: 0,
    }];
  });
}
