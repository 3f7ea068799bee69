import type { Process } from "./process.ts";
import type { NodePlan, Scenario } from "./scenario.ts";

/** The conditions that last to the end of a day. */
export interface Conditions {
  readonly scenario: Scenario;
  /** The running processes. */
  readonly processes: readonly Process[];
  /** Whether nothing that one node sends reaches another. */
  readonly isCut: (from: string, to: string) => boolean;
  /** Whether a fault keeps a node from being lord. */
  readonly isUnable: (name: string) => boolean;
  /** Whether a fault keeps a node from becoming lord; one that is lord may stay. */
  readonly cannotTakeOver: (name: string) => boolean;
  /** Whether a node takes the title from nobody, since its lord hooks failed the last time. */
  readonly isModest: (process: Process) => boolean;
}

/** The lords that may and must be, once all has settled. */
export interface Expectation {
  /** There must be a lord, if there is any of these. */
  readonly must: readonly Process[];
  /** The one that must be lord; undefined: any that may be. */
  readonly best?: Process;
  /** No other may be lord. */
  readonly may: readonly Process[];
  /** Whether there must be no more than one lord. */
  readonly one: boolean;
}

/** The lords that are to be, once all has settled; undefined: under these conditions any may be. */
export function expectation(conditions: Conditions): Expectation | undefined {
  const { processes, isUnable } = conditions;
  const able = ({ plan }: Process) => plan.valor > 0 && isKnown(plan) && !isUnable(plan.name);
  const byViews = processes.filter(goesByViews);
  const isMixed = byViews.length > 0 && processes.some(({ plan: { lease } }) => lease === "auto");
  if (isMixed || byViews.length === processes.length) {
    return ofViews(conditions, processes.filter(able));
  }
  // Nodes whose lease is on pay no heed to the others.
  const voters = processes.filter((process) => !byViews.includes(process));
  const counted = voters.filter((process) => !hasRival(process, voters));
  const stands = (process: Process, isPartner: (other: Process) => boolean) =>
    1 + counted.filter((other) => other !== process && isPartner(other)).length >=
      process.plan.quorum;
  const candidates = counted.filter(able);
  const may = candidates.filter((process) =>
    stands(process, (other) => arePartners(conditions, process, other))
  );
  const must = candidates.filter((process) =>
    !conditions.cannotTakeOver(process.name) &&
    stands(
      process,
      (other) => config(process) === config(other) && arePartners(conditions, process, other),
    )
  );
  const isMajority = voters.every(({ plan }) => plan.quorum > plan.voters.length / 2);
  const one = new Set(voters.map(config)).size <= 1 && (isMajority || isWhole(conditions));
  return { best: one ? preferred(conditions, must, may) : undefined, must, may, one };
}

/** By uWSGI's rule a lord can be told for sure only where all hear each other. */
function ofViews(conditions: Conditions, able: readonly Process[]): Expectation | undefined {
  const { processes, scenario: { nodes } } = conditions;
  const [{ plan: { quorum } }] = processes.length > 0 ? processes : [{ plan: nodes[0] }];
  const isOne = new Set(processes.map(config)).size <= 1;
  if (!isOne || !isWhole(conditions)) return undefined;
  if (processes.length < quorum) return { must: [], may: [], one: true };
  const must = able.filter(({ name }) => !conditions.cannotTakeOver(name));
  return { must, best: preferred(conditions, must, able), may: able, one: true };
}

/** The highest, where nothing keeps it from taking the title; undefined: something does. */
function preferred(
  conditions: Conditions,
  must: readonly Process[],
  may: readonly Process[],
): Process | undefined {
  const best = must.toSorted((a, b) => rank(b, a)).at(0);
  const isImmediate = must.every(({ plan }) => plan.failback.kind === "immediate");
  // A node that cannot take over may have been lord before.
  const isSure = isImmediate && isWhole(conditions) && may.length === must.length;
  return best !== undefined && isSure && !conditions.isModest(best) ? best : undefined;
}

/** Whether a node cannot take part in a lease. */
function goesByViews({ plan: { lease, voters } }: Process): boolean {
  return lease === "off" || lease === "uwsgi" || voters.length === 0;
}

/** Whether a node knows its own entry of the list, if there is one. */
function isKnown({ voters, node }: NodePlan): boolean {
  return voters.length === 0 || node !== undefined;
}

function isWhole({ processes, isCut }: Conditions): boolean {
  return processes.every((a) => processes.every((b) => a === b || !isCut(a.name, b.name)));
}

/** Whether two nodes list each other, and hear each other. */
function arePartners({ isCut }: Conditions, a: Process, b: Process): boolean {
  const lists = a.plan.voters.includes(`${b.plan.node}`) &&
    b.plan.voters.includes(`${a.plan.node}`);
  return lists && !isCut(a.name, b.name) && !isCut(b.name, a.name);
}

function hasRival({ name, plan: { node } }: Process, all: readonly Process[]): boolean {
  return all.some((other) => other.name !== name && other.plan.node === node);
}

function config({ plan: { voters, quorum } }: Process): string {
  return `${voters} ${quorum}`;
}

/** Compares two processes: positive where `a` is to be lord rather than `b`. */
function rank(a: Process, b: Process): number {
  const [left, right] = [a, b].map(({ view }) => view.uuid);
  return a.plan.valor - b.plan.valor || (left < right ? -1 : left > right ? 1 : 0);
}
