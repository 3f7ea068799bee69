import { announcement } from "../legion/announcement.ts";
import { Network } from "./network.ts";
import { type HookMood, Process, type Surroundings } from "./process.ts";
import { Random } from "./random.ts";
import { type Figures, Referee } from "./referee.ts";
import { Robot } from "./robot.ts";
import {
  drawScenario,
  type Fault,
  type FaultKind,
  isGuaranteed,
  maxMembers,
  type NodePlan,
  type RuleName,
  type Scenario,
} from "./scenario.ts";
import { Timeline } from "./timeline.ts";

// The wait before another try to start a process whose predecessor still runs, in milliseconds.
const restartMs = 100;

/** The outcome of one seed. */
export interface Outcome {
  /** The seed. */
  readonly seed: number;
  /** Whether the options promise that no two nodes are lord at one instant. */
  readonly guaranteed: boolean;
  /** The broken rules, in words. */
  readonly violations: readonly string[];
  /** The times with and without a lord. */
  readonly figures: Figures;
}

/**
 * Simulates the day of one seed, with the real legion code on every node.
 *
 * @param record called with each line of the transcript, where one is wanted
 */
export function simulate(
  seed: number,
  rule: RuleName,
  record: (line: string) => void = () => {},
): Outcome {
  return live(drawScenario(seed, rule), record);
}

/** Simulates a given day. */
export function live(scenario: Scenario, record: (line: string) => void = () => {}): Outcome {
  const { violations, figures } = new World(scenario, record).run();
  return { seed: scenario.seed, guaranteed: isGuaranteed(scenario), violations, figures };
}

const checkFails = { why: "its check fails", planned: false };

class World {
  readonly #scenario: Scenario;
  readonly #timeline = new Timeline();
  readonly #random: Random;
  readonly #robot: Robot;
  readonly #network: Network;
  readonly #referee: Referee;
  readonly #around: Surroundings;
  readonly #processes = new Map<string, Process>();
  readonly #moods = new Map<string, HookMood>();
  readonly #record: (line: string) => void;
  #starts = 0;

  constructor(scenario: Scenario, record: (line: string) => void) {
    this.#scenario = scenario;
    this.#record = record;
    this.#random = new Random(scenario.seed ^ 0x5eed);
    const timeline = this.#timeline;
    this.#robot = new Robot(timeline, this.#random);
    this.#network = new Network(scenario, this.#random, timeline, (to, from, said) => {
      this.#processes.get(to)?.hear(from, said);
    });
    const referee = this.#referee = new Referee({
      scenario,
      robot: this.#robot,
      nowMs: () => timeline.nowMs,
      processes: () => [...this.#processes.values()].filter(({ ended }) => !ended),
    });
    this.#around = {
      scenario,
      timeline,
      random: this.#random,
      robot: this.#robot,
      send: (from, said) => this.#network.send(from, said),
      record: (node, what) => this.#tell(`${node} ${what}`),
      stepped: (process) => referee.stepped(process),
      hooksBegin: (process, event) => referee.hooksBegin(process, event),
    };
  }

  run(): Referee {
    const { nodes, faults, calmMs, endMs } = this.#scenario;
    this.#tell(describe(this.#scenario));
    for (const plan of nodes) {
      this.#moods.set(plan.name, { slow: false, failing: false });
      this.#timeline.at(plan.startMs, () => this.#start(plan));
    }
    for (const fault of faults) {
      this.#timeline.at(fault.fromMs, () => this.#begin(fault));
      this.#timeline.at(fault.untilMs, () => this.#end(fault));
    }
    this.#timeline.at(calmMs, () => this.#tell("-- all faults are over"));
    this.#timeline.run(endMs, (ms) => this.#referee.pass(ms));
    this.#referee.end();
    for (const violation of this.#referee.violations) this.#record(`BROKEN: ${violation}`);
    return this.#referee;
  }

  #tell(what: string): void {
    this.#record(`${(this.#timeline.nowMs / 1000).toFixed(3).padStart(8)} ${what}`);
  }

  #start(plan: NodePlan): void {
    const living = this.#processes.get(plan.name);
    if (living !== undefined && !living.ended) {
      // A process that is stopping has to be gone first.
      if (living.isToStop) this.#timeline.after(restartMs, () => this.#start(plan));
      return;
    }
    const id = `${plan.name}-${++this.#starts}`;
    const process = new Process(plan, id, this.#around, this.#moods.get(plan.name)!);
    this.#processes.set(plan.name, process);
    // A node is fit only once its check has passed.
    if (this.#goesOn("check fails", plan.name)) process.tell(checkFails);
    process.start();
    process.watch();
  }

  #begin(fault: Fault): void {
    const { kind, nodes: [name], untilMs, amount } = fault;
    this.#tell(`-- ${kind} ${fault.nodes.join(" ")} begins`);
    const process = this.#processes.get(name);
    const mood = this.#moods.get(name);
    switch (kind) {
      case "crash":
        return process?.kill();
      case "stop":
        return process?.stop();
      case "pause":
        return process?.pause(untilMs);
      case "clock step":
        if (process !== undefined) process.wallStepMs = amount;
        return;
      case "slow hooks":
        if (mood !== undefined) mood.slow = true;
        return;
      case "failing hooks":
        if (mood !== undefined) mood.failing = true;
        return;
      case "robot slow":
        this.#robot.switchMs = amount * Math.min(8000, this.#scenario.hookMs);
        return;
      case "robot locked":
        this.#robot.locked = true;
        return;
      case "robot lost":
        this.#robot.losesAnswers = true;
        return;
      case "check fails":
        return process?.tell(checkFails);
      case "drain":
        return process?.tell({ why: "drained", planned: true });
      case "promote":
        return process?.promote();
      case "crowd":
        return this.#crowd(fault);
      default:
        this.#network.begin(fault);
    }
  }

  #end(fault: Fault): void {
    const { kind, nodes: [name] } = fault;
    this.#tell(`-- ${kind} ${fault.nodes.join(" ")} is over`);
    const plan = this.#scenario.nodes.find((node) => node.name === name);
    const mood = this.#moods.get(name);
    switch (kind) {
      case "crash":
      case "stop":
        if (plan !== undefined) this.#start(plan);
        return;
      case "check fails":
      case "drain":
        this.#processes.get(name)?.tell(undefined);
        return;
      case "clock step": {
        const process = this.#processes.get(name);
        if (process !== undefined) process.wallStepMs = 0;
        return;
      }
      case "slow hooks":
        if (mood !== undefined) mood.slow = this.#goesOn("slow hooks", name);
        return;
      case "failing hooks":
        if (mood !== undefined) mood.failing = this.#goesOn("failing hooks", name);
        return;
      case "robot slow":
        this.#robot.switchMs = 10;
        return;
      case "robot locked":
        this.#robot.locked = false;
        return;
      case "robot lost":
        this.#robot.losesAnswers = false;
        return;
      default:
        this.#network.end(fault);
    }
  }

  /** Sends one announcement from each of more strangers than a node takes in. */
  #crowd({ fromMs, untilMs }: Fault): void {
    const { nowMs } = this.#timeline;
    const strangers = 2 * maxMembers;
    for (let i = 0; i < strangers; i++) {
      const uuid = `stranger-${nowMs.toFixed(0)}-${i}`.padEnd(36, ".");
      this.#timeline.after((untilMs - fromMs) * i / strangers, () => {
        const unix = Math.floor(this.#timeline.wallMs / 1000);
        const said = announcement({ name: "stranger", uuid, valor: 0, unix, seq: 1 });
        this.#network.send("stranger", said);
      });
    }
  }

  /** Whether a fault of this kind strikes the node now. */
  #goesOn(kind: FaultKind, name: string): boolean {
    const { nowMs } = this.#timeline;
    return this.#scenario.faults.some((fault) =>
      fault.kind === kind && fault.nodes[0] === name && fault.fromMs <= nowMs &&
      nowMs < fault.untilMs
    );
  }
}

function describe(scenario: Scenario): string {
  const { seed, nodes, quorum, lease, freqMs, toleranceMs, releaseMs, hookMs } = scenario;
  const each = nodes.map(({ name, valor, uwsgi }) => `${name}=${valor}${uwsgi ? " (uwsgi)" : ""}`);
  return `seed ${seed}: ${each.join(" ")}, quorum ${quorum}, lease ${lease}, freq ${freqMs} ms, ` +
    `tolerance ${toleranceMs} ms, release ${releaseMs.toFixed(0)} ms, hooks up to ${hookMs} ms`;
}
