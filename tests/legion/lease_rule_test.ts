import { assertEquals } from "@std/assert";
import { checksum } from "../../lib/legion/election.ts";
import { LeaseRule } from "../../lib/legion/lease_rule.ts";
import { Membership } from "../../lib/legion/membership.ts";
import { announcement } from "./announcement.ts";

const self = { valor: 20, name: "self", uuid: "s".repeat(36) };
const y = { valor: 30, name: "y", uuid: "y".repeat(36) };

Deno.test("it wakes for the end of its listening, then of its promise, and for nothing past", () => {
  const rule = new LeaseRule({ quorum: 2, toleranceMs: 10_000, releaseMs: 0 });
  const members = new Membership();
  members.hear(announcement({ ...y, seq: 1 }), "", 4_000, 0);
  const [best] = members;
  rule.begin(0);
  assertEquals(rule.dueMs(0), 10_500);
  rule.choose({ self, best, members, checksum: checksum(self, members), nowMs: 10_500 });
  assertEquals([rule.support?.uuid, rule.dueMs(10_500)], [y.uuid, 14_000]);
  // As when its unlord hooks run and it may choose nobody yet.
  assertEquals([rule.dueMs(13_999), rule.dueMs(14_000)], [14_000, Infinity]);
});
