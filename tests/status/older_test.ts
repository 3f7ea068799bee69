import { assertEquals, assertStringIncludes } from "@std/assert";
import { completed } from "../../lib/status/older.ts";
import type { AddressStats } from "../../lib/status/address_stats.ts";
import type { LegionStats, Stats } from "../../lib/status/report.ts";
import { statsTable } from "../../lib/status/table.ts";
import { verdictOf } from "../../lib/status/verdict.ts";
import { addressStats, legionStats, memberStats, statsOf } from "./stats.ts";

/** The same without some fields, as an older node tells it. */
function without<T extends object>(whole: T, ...keys: (keyof T)[]): T {
  return Object.fromEntries(
    Object.entries(whole).filter(([key]) => !(keys as string[]).includes(key)),
  ) as T;
}

const later = [
  "roster",
  "voters_up",
  "transitions",
  "reigns",
  "running",
  "takeovers",
] satisfies (keyof LegionStats)[];

const laterOfAddress = [
  "provider",
  "points_to",
  "seen_by",
  "taken_over_by",
] satisfies (keyof AddressStats)[];

/** The stats of a node of the version before there were rows. */
function older(changed: Partial<LegionStats> = {}): Stats {
  const addresses = [without(addressStats({ active_server_ip: "9.9.9.9" }), ...laterOfAddress)];
  return statsOf(without(legionStats({ addresses, ...changed }), ...later));
}

Deno.test("completed: the fields that an older node does not tell are empty, or by another of its own", () => {
  const [legion] = completed(older()).legions;
  assertEquals([legion.voters_up, legion.transitions], [3, 0]);
  assertEquals(legion.roster.map(({ node, role, listed }) => [node, role, listed]), [
    ["1.1.1.1:2000", "lord", true],
    ["2.2.2.2:2000", "follower", true],
    ["3.3.3.3:2000", "follower", true],
  ]);
  const [{ points_to, seen_by, provider }] = legion.addresses;
  assertEquals([points_to, seen_by, provider], ["9.9.9.9", "", ""]);
});

Deno.test("completed: what is told stays as it is", () => {
  const stats = statsOf(legionStats({ addresses: [addressStats({ points_to: null })] }));
  assertEquals(completed(stats), stats);
});

Deno.test("a node of an older version is told of as before", () => {
  const stats = completed(older({
    never_heard: ["3.3.3.3:2000"],
    members: [memberStats({ clock_skew_seconds: -31, valor: 20 })],
  }));
  const { line } = verdictOf(stats);
  for (
    const text of [
      "4.4.4.4 points to 9.9.9.9, not here",
      "3.3.3.3:2000: never heard",
      "b (2.2.2.2:2000): its clock differs by -31 s; it has the same valor 20: give each node its own",
      "the quorum is just met",
    ]
  ) assertStringIncludes(line, text);
  assertStringIncludes(statsTable(stats), "2.2.2.2:2000");
});
