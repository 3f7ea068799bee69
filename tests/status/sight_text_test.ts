import { assertEquals } from "@std/assert";
import type { AddressStats } from "../../lib/status/address_stats.ts";
import { sightText } from "../../lib/status/sight_text.ts";

const nowSeconds = 100_000;

function text(changed: Partial<AddressStats>, name = "a"): string {
  const address: AddressStats = {
    ip: "4.4.4.4",
    wanted: "1.1.1.1",
    provider: "hetzner-robot",
    points_to: "2.2.2.2",
    active_server_ip: "2.2.2.2",
    seen: nowSeconds - 9 * 60,
    seen_by: "a",
    taken_over_by: "",
    problem: "",
    ...changed,
  };
  return sightText(address, { name }, nowSeconds);
}

const rows: [text: string, changed: Partial<AddressStats>][] = [
  ["4.4.4.4 points to 2.2.2.2, seen 9 min ago by this node", {}],
  ["4.4.4.4 points to 2.2.2.2, seen 12 s ago by server-1", {
    seen_by: "server-1",
    seen: nowSeconds - 12,
  }],
  [
    "4.4.4.4 pointed to 2.2.2.2, seen 9 min ago by this node, before server-1 took over",
    { taken_over_by: "server-1" },
  ],
  [
    "4.4.4.4 pointed to 2.2.2.2, seen 9 min ago by server-1, before this node took over",
    { seen_by: "server-1", taken_over_by: "a" },
  ],
  ["4.4.4.4 points nowhere, seen 3 h ago by this node", {
    points_to: null,
    active_server_ip: null,
    seen: nowSeconds - 3 * 3600 - 5,
  }],
  ["4.4.4.4: not seen yet", { seen: 0, seen_by: "", points_to: null, active_server_ip: null }],
  // The node's clock may be ahead of the reader's.
  ["4.4.4.4 points to 2.2.2.2, seen 0 s ago by this node", { seen: nowSeconds + 3 }],
];

for (const [told, changed] of rows) {
  Deno.test(`a sight in words: ${told}`, () => assertEquals(text(changed), told));
}

Deno.test("an older node does not tell who saw an address", () => {
  const old = { seen_by: undefined, taken_over_by: undefined, points_to: undefined };
  const told = text(old as unknown as Partial<AddressStats>);
  assertEquals(told, "4.4.4.4 points to 2.2.2.2, seen 9 min ago");
});
