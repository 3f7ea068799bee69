import { assertEquals } from "@std/assert";
import { beginningOf } from "../../lib/legion/beginning.ts";
import { checksum } from "../../lib/legion/election.ts";
import { LeaseRule } from "../../lib/legion/lease_rule.ts";
import { Membership } from "../../lib/legion/membership.ts";
import { forgotten } from "../../lib/legion/notes.ts";
import { votersAmong } from "../../lib/legion/voters.ts";
import { announcement } from "./announcement.ts";
import { legionOptions } from "./legion_options.ts";
import { addressOf } from "./world.ts";

const self = { valor: 20, name: "self", uuid: "s".repeat(36) };
const y = { valor: 30, name: "y", uuid: "y".repeat(36) };
const options = legionOptions({
  toleranceMs: 10_000,
  voters: ["self", "y", "z"].map(addressOf),
});

function begin(rule: LeaseRule): void {
  const beginning = beginningOf(forgotten, options, self, 0);
  rule.begin(beginning, options.toleranceMs, 0);
}

Deno.test("it wakes for the end of its listening, then of its promise, and for nothing past", () => {
  const rule = new LeaseRule(options);
  const members = new Membership();
  members.hear(announcement({ ...y, seq: 1, node: addressOf("y") }), "", {
    monotonicMs: 4_000,
    wallMs: 0,
  });
  const [best] = members;
  const voters = votersAmong(members, options);
  begin(rule);
  assertEquals(rule.dueMs(0), 10_500);
  rule.choose({ self, best, members, voters, checksum: checksum(self, members), nowMs: 10_500 });
  assertEquals([rule.support?.uuid, rule.dueMs(10_500)], [y.uuid, 14_000]);
  // As when its unlord hooks run and it may choose nobody yet.
  assertEquals([rule.dueMs(13_999), rule.dueMs(14_000)], [14_000, Infinity]);
});

Deno.test("rule 10: it wakes when a former list no longer has to be met", () => {
  const rule = new LeaseRule(options);
  begin(rule);
  rule.reconfigure({ ...options, quorum: 3 }, 15_000, 20_000);
  assertEquals(rule.dueMs(20_000), 35_750);
  rule.settle(35_749);
  assertEquals(rule.dueMs(20_000), 35_750);
  rule.settle(35_750);
  assertEquals(rule.dueMs(35_750), Infinity);
});
