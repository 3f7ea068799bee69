import { assertEquals } from "@std/assert";
import { votersUp } from "../../lib/node/voters_up.ts";
import type { NodeStats } from "../../lib/status/report.ts";
import { nodeStats } from "../status/stats.ts";

const all = ["a", "b", "c"];
const node = (name: string, changed: Partial<NodeStats> = {}) =>
  nodeStats({ node: name, name, hears: all, is_this: name === "a", ...changed });
const doubled = [{ kind: "doubled", why: "", since: 1 } as const];
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
  ["a doubled node does not count", [node("a", lord), node("b", { troubles: doubled })], true, 1],
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
  Deno.test(`votersUp: ${situation}`, () => assertEquals(votersUp(roster, leased), up));
}
