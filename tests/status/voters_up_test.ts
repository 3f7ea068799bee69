import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { configMark } from "../../lib/legion/config_mark.ts";
import { Membership } from "../../lib/legion/membership.ts";
import type { LegionView } from "../../lib/legion/view.ts";
import { votersAmong } from "../../lib/legion/voters.ts";
import { Losses } from "../../lib/node/losses.ts";
import { rosterOf } from "../../lib/node/roster.ts";
import type { NodeStats } from "../../lib/status/node_stats.ts";
import { votersUp } from "../../lib/status/voters_up.ts";
import { announcement } from "../legion/announcement.ts";
import { legionConfig } from "../node/legion_config.ts";
import { nodeStats } from "./stats.ts";

const all = ["a", "b", "c"];
const node = (name: string, changed: Partial<NodeStats> = {}) =>
  nodeStats({ node: name, name, hears: all, is_this: name === "a", ...changed });
const lord = { role: "lord" } as const;
const gone = { role: "unknown", hears: null } as const;

const table: [situation: string, roster: NodeStats[], leased: boolean, up: number][] = [
  ["all hear all", [node("a", lord), node("b"), node("c")], true, 3],
  [
    "one is not there",
    [node("a", { ...lord, hears: ["a", "c"] }), node("b", gone), node("c")],
    true,
    2,
  ],
  [
    "one does not hear the lord",
    [node("a", lord), node("b", { hears: ["b", "c"] }), node("c")],
    true,
    2,
  ],
  [
    "the lord does not hear one, as a follower knows",
    [node("a"), node("b", { ...lord, hears: ["a", "b"] }), node("c")],
    true,
    2,
  ],
  [
    "the lord hears one that is not heard here",
    [node("a"), node("b", lord), node("c", gone)],
    true,
    3,
  ],
  [
    "one takes over",
    [node("a"), node("b", { role: "taking over" }), node("c", { hears: ["c"] })],
    true,
    2,
  ],
  ["no lord: of this node", [node("a"), node("b", { hears: ["b"] }), node("c")], true, 2],
  [
    "of two lords the higher counts",
    [
      node("a", { ...lord, hears: ["a"], valor: 1 }),
      node("b", { ...lord, valor: 2 }),
      node("c"),
    ],
    true,
    2,
  ],
  [
    "a long list does not tell who hears whom",
    [node("a", lord), node("b", { hears: null })],
    true,
    2,
  ],
  ["a node for which two processes speak does not count", [node("a", lord), node("d")], true, 1],
  ["a node that is not listed does not", [node("a", lord), node("d", { listed: false })], true, 1],
  [
    "under uWSGI's rule it does",
    [node("a", lord), node("d", { listed: false, hears: null })],
    false,
    2,
  ],
  [
    "a group without a list",
    [
      node("a", { listed: false, hears: [] }),
      node("b", { ...lord, listed: false, hears: null }),
      node("c", { listed: false, hears: null }),
    ],
    false,
    3,
  ],
  ["an unknown own address", [node("a", { listed: false }), node("b"), node("c")], true, 0],
];
for (const [situation, roster, leased, up] of table) {
  Deno.test(`votersUp: ${situation}`, () =>
    assertEquals(votersUp(roster, { leased, rivals: ["d"] }).length, up));
}

Deno.test("votersUp: a lord counts as the rule does by which it stands (LEASE.md, rule 9)", () => {
  const nodes = [1, 2, 3, 4, 5].map((host) => ({ host: `10.0.0.${host}`, port: 2000 }));
  const [address] = nodes;
  const anyone = fc.record({
    host: fc.integer({ min: 1, max: 6 }),
    mark: fc.constantFrom("own", "0badf00d", ""),
    hears: fc.option(fc.bigInt({ min: 0n, max: 31n }), { nil: undefined }),
  });
  const scene = fc.record({
    quorum: fc.integer({ min: 1, max: 6 }),
    said: fc.array(anyone, { maxLength: 6 }),
  });
  fc.assert(fc.property(scene, ({ quorum, said }) => {
    const config = legionConfig({ address, nodes: nodes.slice(1), quorum });
    const own = configMark(config.voters, quorum);
    const members = new Membership();
    for (const [index, { host, mark, hears }] of said.entries()) {
      const node = `10.0.0.${host}:2000`;
      const uuid = `${index}`.repeat(36);
      const words = { seq: 1, node, uuid, hears, config: mark === "own" ? own : mark };
      members.hear(announcement(words), node, { monotonicMs: 0, wallMs: 0 });
    }
    const voters = votersAmong(members, { ...config, name: "a" });
    const rivals = voters.rivals.map(({ node }) => node);
    const view = { members: [...members], reasons: [], rivals, doubles: [], valor: 1 };
    const sources = {
      config,
      name: "a",
      version: "",
      state: "lord",
      view: view as Partial<LegionView> as LegionView,
      heard: new Map(),
      heardBefore: new Map(),
      losses: new Losses([]),
      now: { monotonicMs: 0, wallMs: 0 },
    } as const;
    const up = votersUp(rosterOf(sources), { leased: true, rivals }).length;
    assertEquals(voters.countsSelf && up >= quorum, voters.standsSelf);
  }));
});
