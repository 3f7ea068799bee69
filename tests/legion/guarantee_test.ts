import { assertEquals } from "@std/assert";
import { guaranteeOf, isMajority } from "../../lib/legion/guarantee.ts";
import { Membership } from "../../lib/legion/membership.ts";
import { announcement } from "./announcement.ts";

/** Members with these names, each at an address of its own unless it says where. */
function members(...peers: { name: string; seq?: number; from?: string }[]): Membership {
  const membership = new Membership();
  for (const { name, seq = 1, from = name } of peers) {
    membership.hear(announcement({ name, uuid: name.repeat(36), seq }), from, 0, 0);
  }
  return membership;
}

const none = members();
const a = { name: "a" };
const b = { name: "b" };
const c = { name: "c" };

Deno.test("auto: a lease with a majority of the configured nodes, and only ours", () => {
  const of = (quorum: number, nodeCount: number | undefined, heard = none) => {
    const { kind, why } = guaranteeOf({ lease: "auto", quorum, nodeCount }, heard);
    return `${kind} ${why}`.trim();
  };
  assertEquals(of(2, 3), "lease");
  assertEquals(of(0, 1), "lease");
  assertEquals(of(1, 3), "none legion-quorum is 1, no majority of 3 nodes");
  assertEquals(of(2, 4), "none legion-quorum is 2, no majority of 4 nodes");
  assertEquals(of(9, undefined), "none how many nodes a group has is not known: see legion-lease");
  assertEquals(of(2, 3, members(a, { name: "u", seq: 0 })), "none u is a uWSGI node");
});

Deno.test("auto: more nodes than are configured may take the majority away", () => {
  const kind = (heard: Membership) =>
    guaranteeOf({ lease: "auto", quorum: 2, nodeCount: 3 }, heard).kind;
  assertEquals(kind(members(a, b)), "lease");
  assertEquals(kind(members(a, b, c)), "none");
  // Restarted, and still remembered by its old uuid: one node.
  assertEquals(kind(members(a, b, { name: "c", from: "a" })), "lease");
  // The same, and what it said has come another way, or somebody has sent it on.
  const again = members(a, b);
  again.hear(announcement({ name: "a", uuid: "A".repeat(36), seq: 1 }), "elsewhere", 0, 0);
  assertEquals(kind(again), "lease");
});

Deno.test("on and off do not ask who is there", () => {
  const uwsgi = members({ name: "u", seq: 0 });
  assertEquals(guaranteeOf({ lease: "on", quorum: 2, nodeCount: 3 }, uwsgi).kind, "lease");
  assertEquals(guaranteeOf({ lease: "off", quorum: 2, nodeCount: 3 }, none), {
    kind: "none",
    why: "legion-lease is off",
  });
});

Deno.test("a majority is more than half; a lone node is one", () => {
  const majorities = [[0, 1], [1, 1], [2, 2], [2, 3], [3, 4], [3, 5]];
  const minorities = [[0, 2], [1, 2], [1, 3], [2, 4], [2, 5]];
  for (const [quorum, voters] of majorities) assertEquals(isMajority(quorum, voters), true);
  for (const [quorum, voters] of minorities) assertEquals(isMajority(quorum, voters), false);
});
