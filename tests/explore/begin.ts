import type { Deviation, Kind } from "./deviation.ts";
import type { Node } from "./node.ts";
import { type NodeConfig, stepMs } from "./setting.ts";
import type { World } from "./world.ts";

/** The moment at which a deviation begins. */
interface Moment {
  readonly world: World;
  /** The node, or the first of the link. */
  readonly node: Node;
  /** The other end of the link; the node itself where there is none. */
  readonly other: Node;
  /** The present time, in milliseconds. */
  readonly nowMs: number;
  /** The end of a deviation that lasts so many steps, in milliseconds. */
  readonly untilMs: number;
  readonly amount: number | string | undefined;
}

/** Begins each kind of deviation. The result is the time until which it lasts; undefined: no time. */
const beginners: { readonly [K in Kind]: (moment: Moment) => number | void } = {
  lose({ world: { links }, node, other, nowMs }) {
    links.cut(node.index, other.index, nowMs + stepMs);
  },
  late({ world: { links }, node, other, nowMs, untilMs }) {
    links.delay(node.index, other.index, nowMs + stepMs, untilMs - nowMs);
    return untilMs + stepMs;
  },
  double({ world: { links }, node, other, nowMs, untilMs }) {
    links.double(node.index, other.index, nowMs + stepMs, untilMs - nowMs);
    return untilMs + stepMs;
  },
  cut({ world: { links }, node, other, untilMs }) {
    links.cut(node.index, other.index, untilMs);
    return untilMs;
  },
  part({ world: { links }, node, other, untilMs }) {
    links.cut(node.index, other.index, untilMs);
    links.cut(other.index, node.index, untilMs);
    return untilMs;
  },
  isolate({ world: { links, nodes }, node, untilMs }) {
    for (const { index } of nodes) {
      links.cut(node.index, index, untilMs);
      links.cut(index, node.index, untilMs);
    }
    return untilMs;
  },
  pause({ world, node, untilMs }) {
    world.pause(node, untilMs);
    return untilMs;
  },
  kill({ world, node }) {
    world.end(node, "is killed");
  },
  stop({ world, node }) {
    world.do(node, (legion, now) => legion.stop(now));
  },
  leave({ world, node, untilMs }) {
    world.do(node, (legion, now) => legion.stop(now));
    world.at(untilMs, () => world.start(node));
    return untilMs;
  },
  start({ world, node }) {
    world.start(node);
  },
  restart({ world, node, untilMs }) {
    world.end(node, "is killed");
    world.at(untilMs, () => world.start(node));
    return untilMs;
  },
  forget({ world, node, untilMs }) {
    world.end(node, "is killed, and its notes are lost");
    node.note(null);
    world.at(untilMs, () => world.start(node));
    return untilMs;
  },
  tolerance({ world, node, amount }) {
    reload(world, node, { toleranceMs: Number(amount) * stepMs });
  },
  quorum({ world, node, amount }) {
    reload(world, node, { quorum: Number(amount) });
  },
  list({ world, node, amount }) {
    const list = String(amount);
    reload(world, node, { list, quorum: Math.floor(list.length / 2) + 1 });
  },
  hooks({ node, untilMs }) {
    node.hooksFailUntilMs = untilMs;
    return untilMs;
  },
  check({ world, node, untilMs }) {
    failCheck(world, node, untilMs);
    return untilMs;
  },
  renew({ world, node, nowMs }) {
    const untilMs = nowMs + stepMs;
    // The farewells of both changes of its uuid.
    node.farewellsLostUntilMs = untilMs + stepMs;
    failCheck(world, node, untilMs);
    return untilMs;
  },
};

/** Begins a deviation. The result is the time until which it lasts, in milliseconds. */
export function begin(world: World, deviation: Deviation, nowMs: number): number {
  const { kind, of, amount } = deviation;
  const [node, other = node] = of.split(/[>-]/).map((name) => world.node(name));
  const untilMs = nowMs + (typeof amount === "number" ? amount * stepMs : 0);
  return beginners[kind]({ world, node, other, nowMs, untilMs, amount }) ?? nowMs;
}

function failCheck(world: World, node: Node, untilMs: number): void {
  node.unfitUntilMs = Math.max(node.unfitUntilMs, untilMs);
  node.unfit = true;
  world.tell(node);
  world.at(untilMs, () => {
    if (untilMs < node.unfitUntilMs) return;
    world.judge.unfit(node);
    node.unfit = false;
    world.tell(node);
  });
}

function reload(world: World, node: Node, changed: Partial<NodeConfig>): void {
  node.config = { ...node.config, ...changed };
  world.do(node, (legion, now) => legion.reconfigure(node.options, now));
}
