import { type Deviation, type Kind, nameOf } from "./deviation.ts";
import type { Setting } from "./setting.ts";
import type { Trace } from "./trace.ts";

/** The steps and amounts with which deviations are tried. */
interface Tried {
  /** Every so many steps one is tried. */
  readonly every: number;
  /** The amounts, if the kind has any. */
  readonly amounts?: readonly (number | string)[];
}

// A tolerance is 12 steps long, and 13 is just beyond.
const beyond = 13;

const tried: { readonly [K in Kind]: readonly Tried[] } = {
  lose: [{ every: 1 }],
  late: [{ every: 1, amounts: [beyond] }],
  double: [{ every: 4, amounts: [beyond] }],
  cut: [{ every: 2, amounts: [beyond] }, { every: 8, amounts: [24] }],
  part: [{ every: 4, amounts: [beyond] }],
  isolate: [{ every: 4, amounts: [beyond] }],
  pause: [{ every: 1, amounts: [14] }],
  kill: [{ every: 2 }],
  stop: [{ every: 4 }],
  leave: [{ every: 2, amounts: [1] }],
  start: [{ every: 2 }],
  restart: [{ every: 2, amounts: [1] }],
  forget: [{ every: 2, amounts: [1] }],
  tolerance: [{ every: 8, amounts: [6, 36] }],
  quorum: [{ every: 8, amounts: [1, 3] }],
  list: [{ every: 8, amounts: ["abcde", "ab", "bc"] }],
  hooks: [{ every: 1, amounts: [4] }],
  check: [{ every: 4, amounts: [5] }],
  renew: [{ every: 4 }],
};

/**
 * The deviations that would change a course, each once.
 *
 * @param trace the course
 * @param after the deviation that the course has already, after which all others begin
 */
export function deviationsFrom(setting: Setting, trace: Trace, after?: Deviation): Deviation[] {
  const found: Deviation[] = [];
  const kinds = (Object.keys(tried) as Kind[]).filter((kind) => !setting.without.includes(kind));
  for (let step = after?.step ?? 0; step < setting.endStep; step++) {
    const at = new At(setting, trace, step);
    for (const kind of kinds) {
      for (const { every: usual, amounts = [undefined] } of tried[kind]) {
        const every = usual * setting.coarser;
        if (step % every !== 0) continue;
        for (const of of at.places(kind, every)) {
          for (const amount of amounts) {
            const isWithout = kind === "list" && !String(amount).includes(of);
            // A node is always in its own list.
            if (!isWithout) found.push({ step, kind, of, amount });
          }
        }
      }
    }
  }
  // Of two at one step the order of names decides: both orders are one schedule.
  return found.filter((one) =>
    after === undefined || one.step > after.step || nameOf(one) > nameOf(after)
  );
}

/** A course at one step. */
class At {
  readonly #setting: Setting;
  readonly #trace: Trace;
  readonly #step: number;

  constructor(setting: Setting, trace: Trace, step: number) {
    this.#setting = setting;
    this.#trace = trace;
    this.#step = step;
  }

  /** The nodes or links at which a deviation of a kind would change something. */
  places(kind: Kind, every: number): string[] {
    switch (kind) {
      case "lose":
        // A late one that comes after a newer one is dropped, and so as good as lost.
        return this.#links((a, b) => this.#sends(a, b, 1) && !this.#sendsAfter(a, b))
          .map(([a, b]) => `${a}>${b}`);
      case "late":
      case "double":
        return this.#links((a, b) => this.#sends(a, b, 1)).map(([a, b]) => `${a}>${b}`);
      case "cut":
        return this.#links((a, b) => this.#sends(a, b, every)).map(([a, b]) => `${a}>${b}`);
      case "part":
        return this.#links((a, b) =>
          a < b && (this.#sends(a, b, every) || this.#sends(b, a, every))
        )
          .map(([a, b]) => `${a}-${b}`);
      case "hooks":
        return this.#nodes((node) => this.#trace.beginsLordHooks(node, this.#step));
      case "start":
        return this.#nodes((node) => !this.#trace.runs(node, this.#step));
      case "isolate":
      case "pause":
        // Before the next thing that the node does, a later step is the same, but for the end.
        return this.#running((node) => this.#acts(node, this.#step, every));
      default:
        // Since the last thing that the node did, an earlier step is the same.
        return this.#running((node) => this.#acts(node, this.#step - every, every));
    }
  }

  #sends(from: number, to: number, every: number): boolean {
    return within(this.#step, every, (step) => this.#trace.sends(from, to, step));
  }

  #sendsAfter(from: number, to: number): boolean {
    return within(this.#step + 1, beyond, (step) => this.#trace.sends(from, to, step));
  }

  #acts(node: number, fromStep: number, every: number): boolean {
    return within(fromStep, every, (step) => this.#trace.acts(node, step));
  }

  #running(accepts: (node: number) => boolean): string[] {
    return this.#nodes((node) => this.#trace.runs(node, this.#step) && accepts(node));
  }

  #nodes(accepts: (node: number) => boolean): string[] {
    return this.#setting.nodes.filter((_, index) => accepts(index)).map(({ name }) => name);
  }

  #links(accepts: (from: number, to: number) => boolean): [from: string, to: string][] {
    const { nodes } = this.#setting;
    return nodes.flatMap(({ name: from }, a) =>
      nodes.flatMap(({ name: to }, b): [string, string][] =>
        a !== b && accepts(a, b) ? [[from, to]] : []
      )
    );
  }
}

/** Whether any of so many steps, from this one on, is accepted. */
function within(fromStep: number, every: number, accepts: (step: number) => boolean): boolean {
  for (let step = Math.max(0, fromStep); step < fromStep + every; step++) {
    if (accepts(step)) return true;
  }
  return false;
}
