import type { Announcement } from "../../lib/legion/announcement.ts";
import { announcement } from "../legion/announcement.ts";
import { describe } from "./describe.ts";
import { Memory } from "./memory.ts";
import { type Deliver, Network } from "./network.ts";
import { type HookMood, Process, type Surroundings } from "./process.ts";
import { Random } from "./random.ts";
import { isReason, reasonsOf } from "./reasons.ts";
import { Referee } from "./referee.ts";
import { Robot } from "./robot.ts";
import type { Fault, FaultKind, FileSettings, NodePlan, Scenario, Settings } from "./scenario.ts";
import { maxMembers } from "./scenario.ts";
import { overMs, type Schedule, schedule } from "./schedule.ts";
import { Timeline } from "./timeline.ts";

// The wait before another try to start a process whose predecessor still runs, in milliseconds.
const restartMs = 100;

/** Makes a memory; `nowMs` gives the simulation's time, in milliseconds. */
export type NewMemory = (nowMs: () => number) => Memory;

/** The world of one day: its nodes, their network and their Robot, and the referee. */
export class World {
  readonly #scenario: Scenario;
  readonly #schedule: Schedule;
  readonly #timeline = new Timeline();
  readonly #random: Random;
  readonly #robot: Robot;
  readonly #network: Network;
  readonly #referee: Referee;
  readonly #around: Surroundings;
  /** The plan of each node, with the settings that its configuration file has now. */
  readonly #plans = new Map<string, NodePlan>();
  readonly #processes = new Map<string, Process>();
  readonly #moods = new Map<string, HookMood>();
  /** The memory of each node that has one. */
  readonly #memories = new Map<string, Memory>();
  readonly #newMemory: NewMemory;
  /** The faults that go on. */
  readonly #faults = new Set<Fault>();
  /** For each fault that keeps nodes from hearing each other, whether a time is in it. */
  readonly #disturbed: readonly ((ms: number) => boolean)[];
  readonly #record: (line: string) => void;
  #starts = 0;

  /**
   * Prepares a day.
   *
   * @param record called with every event as a line of text
   * @param newMemory makes the memory of each node that has one
   */
  constructor(
    scenario: Scenario,
    record: (line: string) => void,
    newMemory: NewMemory = (nowMs) => new Memory(nowMs),
  ) {
    this.#newMemory = newMemory;
    this.#scenario = scenario;
    this.#schedule = schedule(scenario);
    this.#record = record;
    this.#random = new Random(scenario.seed ^ 0x5eed);
    const { calmMs } = this.#schedule;
    this.#disturbed = scenario.faults.filter(({ kind }) => disturbs.includes(kind)).map((fault) => {
      const endMs = Math.max(fault.untilMs, overMs(fault, scenario.nodes));
      return (ms) => fault.fromMs <= ms && ms <= endMs;
    });
    const timeline = this.#timeline;
    this.#robot = new Robot(timeline, this.#random);
    const deliver: Deliver = (to, from, said) => this.#processes.get(to)?.hear(from, said);
    this.#network = new Network(scenario, calmMs, this.#random, timeline, deliver);
    const { deathOnLordErrorMs } = scenario;
    const referee = this.#referee = new Referee({
      scenario,
      schedule: this.#schedule,
      robot: this.#robot,
      nowMs: () => timeline.nowMs,
      processes: () => [...this.#processes.values()].filter(({ ended }) => !ended),
      isWhole: () => !this.#disturbed.some((isOn) => isOn(timeline.nowMs)),
      isCut: (from, to) => this.#network.isCut(from, to),
      isUnable: (name) => this.#goingOn(name).some(isReason),
      cannotTakeOver: (name) =>
        deathOnLordErrorMs > 0 && this.#goingOn(name).includes("failing hooks"),
    });
    this.#around = {
      scenario,
      timeline,
      random: this.#random,
      robot: this.#robot,
      send: (from, said, also) => this.#send(from, said, also),
      record: (node, what) => this.#tell(`${node} ${what}`),
      stepped: (process) => referee.stepped(process),
      started: (process) => referee.started(process),
      hooksBegin: (process, call) => referee.hooksBegin(process, call),
      hooksFailed: (process) => referee.hooksFailed(process),
    };
  }

  /** Lives through the day. The result is the referee, who has seen all of it. */
  run(): Referee {
    const { nodes, faults } = this.#scenario;
    const { calmMs, settledMs, endMs } = this.#schedule;
    this.#tell(describe(this.#scenario));
    for (const plan of nodes) {
      this.#plans.set(plan.name, plan);
      this.#moods.set(plan.name, { slow: false, failing: false });
      const memory = plan.remembers ? this.#newMemory(() => this.#timeline.nowMs) : undefined;
      if (memory !== undefined) this.#memories.set(plan.name, memory);
      this.#timeline.at(plan.startMs, () => this.#start(plan.name));
    }
    for (const atMs of this.#referee.looksMs) {
      this.#timeline.at(atMs, () => this.#referee.look());
    }
    for (const fault of faults) {
      this.#timeline.at(fault.fromMs, () => this.#begin(fault));
      this.#timeline.at(fault.untilMs, () => this.#end(fault));
    }
    this.#timeline.at(calmMs, () => this.#tell("-- all faults are over, or last to the end"));
    this.#timeline.at(settledMs, () => {
      this.#tell("-- all should have settled");
      this.#referee.settled();
    });
    this.#timeline.run(endMs, (ms) => this.#referee.pass(ms));
    this.#referee.end();
    for (const violation of this.#referee.violations) this.#record(`BROKEN: ${violation}`);
    return this.#referee;
  }

  /** Sends an announcement to all that its sender lists (a group: to all), and that it names besides. */
  #send(from: NodePlan, said: Announcement, also: readonly string[]): void {
    const all = this.#scenario.nodes.map(({ address }) => address);
    const listed = from.voters.length > 0 ? from.voters : all;
    this.#network.send(from, said, new Set([...listed, ...also]));
  }

  #tell(what: string): void {
    this.#record(`${(this.#timeline.nowMs / 1000).toFixed(3).padStart(8)} ${what}`);
  }

  #start(name: string): void {
    const living = this.#processes.get(name);
    if (living !== undefined && !living.ended) {
      // A process that is stopping has to be gone first.
      if (living.isToStop) this.#timeline.after(restartMs, () => this.#start(name));
      return;
    }
    const id = `${name}-${++this.#starts}`;
    const plan = this.#plans.get(name)!;
    const machine = { mood: this.#moods.get(name)!, memory: this.#memories.get(name) };
    const process = new Process(plan, id, this.#around, machine);
    this.#processes.set(name, process);
    // A node is fit only once its check has passed.
    process.tell(reasonsOf(this.#goingOn(name)));
    process.start();
    process.watch();
  }

  #begin(fault: Fault): void {
    const { kind, nodes: [name], untilMs, amount } = fault;
    const change = Object.entries(fault.change ?? {}).map(([key, value]) => ` ${key} ${value}`);
    this.#tell(`-- ${kind} ${fault.nodes.join(" ")} begins${change}`);
    this.#faults.add(fault);
    const process = this.#processes.get(name);
    const mood = this.#moods.get(name);
    const memory = this.#memories.get(name);
    switch (kind) {
      case "crash":
      case "reboot":
        return process?.kill();
      case "restart":
        return process?.halt();
      case "edit":
        return this.#edit(name, fault.change ?? {});
      case "notes lost":
        return memory?.lose();
      case "disk full":
        if (memory !== undefined) memory.writable = false;
        return;
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
      case "drain":
      case "refused":
        return process?.tell(reasonsOf(this.#goingOn(name)));
      case "start":
        return this.#start(name);
      case "reload":
        return this.#reload(name, fault.change ?? {});
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
    this.#faults.delete(fault);
    const mood = this.#moods.get(name);
    const memory = this.#memories.get(name);
    switch (kind) {
      case "crash":
      case "stop":
      case "restart":
        return this.#start(name);
      case "reboot":
        memory?.rebooted(fault.amount);
        return this.#start(name);
      case "disk full":
        if (memory !== undefined) memory.writable = true;
        return;
      case "check fails":
      case "drain":
      case "refused":
        return this.#processes.get(name)?.tell(reasonsOf(this.#goingOn(name)));
      case "clock step": {
        const process = this.#processes.get(name);
        if (process !== undefined) process.wallStepMs = 0;
        return;
      }
      case "slow hooks":
        if (mood !== undefined) mood.slow = this.#goingOn(name).includes("slow hooks");
        return;
      case "failing hooks":
        if (mood !== undefined) mood.failing = this.#goingOn(name).includes("failing hooks");
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

  /** Changes a node's configuration file. */
  #edit(name: string, change: Partial<FileSettings>): void {
    this.#plans.set(name, { ...this.#plans.get(name)!, ...change });
  }

  /** Changes a node's configuration file, and tells the process if one runs. */
  #reload(name: string, change: Partial<Settings>): void {
    this.#edit(name, change);
    this.#processes.get(name)?.reload(change);
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
        this.#network.send(stranger, said, this.#scenario.nodes.map(({ address }) => address));
      });
    }
  }

  /** The kinds of faults that strike the node now. */
  #goingOn(name: string): FaultKind[] {
    return [...this.#faults].filter(({ nodes }) => nodes[0] === name).map(({ kind }) => kind);
  }
}

const stranger = { name: "stranger", address: "10.8.0.1:2000", sources: [] };

/** The faults while which not all nodes hear each other in time. */
const disturbs: readonly FaultKind[] = [
  "partition",
  "one-way cut",
  "mute",
  "deaf",
  "loss",
  "delay",
  "late",
  "pause",
  "clock step",
  "crowd",
];
