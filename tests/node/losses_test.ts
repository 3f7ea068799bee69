import { assertEquals } from "@std/assert";
import { DatagramError, type DropReason } from "../../lib/legion/datagram_error.ts";
import { Losses } from "../../lib/node/losses.ts";

const at = (seconds: number) => ({ monotonicMs: seconds * 1_000, wallMs: 1e12 + seconds * 1_000 });
const from = (host: string, port = 2000) => ({ host, port });

function lossesOf(...voters: string[]) {
  const losses = new Losses(voters);
  const drop = (of: ReturnType<typeof from>, reason: DropReason, seconds = 0, node = "") =>
    losses.dropped(of, new DatagramError(reason, reason), at(seconds), { node, name: "b" });
  return { losses, drop, dropped: () => [...losses.drops.keys()] };
}

Deno.test("drops of one reason begin with the first, and end with a pause or when the node is heard", () => {
  const { losses, drop } = lossesOf("10.0.0.2:2000");
  for (const second of [1, 2, 3]) drop(from("10.0.0.2"), "size", second);
  const { reason, sinceWallMs, lastMs } = losses.drops.get("10.0.0.2:2000")!;
  assertEquals([reason, sinceWallMs, lastMs], ["size", 1e12 + 1_000, 3_000]);
  drop(from("10.0.0.2"), "stale", 4);
  assertEquals(losses.drops.get("10.0.0.2:2000")!.sinceWallMs, 1e12 + 4_000);
  drop(from("10.0.0.2"), "stale", 64);
  assertEquals(losses.drops.get("10.0.0.2:2000")!.sinceWallMs, 1e12 + 4_000);
  drop(from("10.0.0.2"), "stale", 125);
  assertEquals(losses.drops.get("10.0.0.2:2000")!.sinceWallMs, 1e12 + 125_000);
  losses.heard("10.0.0.2:2000");
  assertEquals([...losses.drops], []);
});

const senders: [what: string, host: string, port: number, said: string, expected: string[]][] = [
  ["its address", "10.0.0.2", 2000, "", ["10.0.0.2:2000"]],
  ["another port of its host", "10.0.0.2", 4711, "", ["10.0.0.2:2000"]],
  ["its address in another spelling", "::ffff:a00:2", 2000, "", ["10.0.0.2:2000"]],
  ["an IPv6 address", "FD09:0::2", 2000, "", ["[fd09::2]:2000"]],
  ["one of two nodes on a host", "10.0.0.3", 2001, "", ["10.0.0.3:2001"]],
  ["another port of a host of two nodes", "10.0.0.3", 4711, "", []],
  ["elsewhere, but it says who it is", "4.4.4.4", 1, "10.0.0.2:2000", ["10.0.0.2:2000"]],
  ["elsewhere, and it says that it is nobody", "4.4.4.4", 1, "10.0.0.9:2000", []],
];
for (const [what, host, port, said, expected] of senders) {
  Deno.test(`a datagram is a node's that comes from ${what}: ${expected}`, () => {
    const voters = ["10.0.0.2:2000", "10.0.0.3:2000", "10.0.0.3:2001", "[fd09::2]:2000"];
    const { losses, drop, dropped } = lossesOf(...voters);
    drop(from(host, port), "stale", 0, said);
    assertEquals(dropped(), expected);
    assertEquals(losses.strangers.size, expected.length === 0 ? 1 : 0);
  });
}

Deno.test("made-up senders do not fill the memory: of strangers the latest eight are known", () => {
  const { losses, drop } = lossesOf("10.0.0.2:2000");
  for (let i = 0; i < 1_000; i++) drop(from(`4.4.${i >> 8}.${i & 255}`), "size");
  drop(from("4.4.3.224"), "size");
  const last = [225, 226, 227, 228, 229, 230, 231, 224].map((i) => `4.4.3.${i}`);
  assertEquals([...losses.strangers.keys()], last);
});

Deno.test("what cannot be sent is known of listed nodes, and forgotten with the list", () => {
  const { losses, drop, dropped } = lossesOf("10.0.0.2:2000", "10.0.0.3:2000");
  for (const host of ["10.0.0.2", "10.0.0.3", "10.0.0.4"]) {
    losses.unsentTo(from(host), "no route", at(1));
    drop(from(host), "size");
  }
  assertEquals([...losses.unsent.keys()], ["10.0.0.2:2000", "10.0.0.3:2000"]);
  losses.reconfigure(["10.0.0.3:2000"]);
  assertEquals([[...losses.unsent.keys()], dropped()], [["10.0.0.3:2000"], ["10.0.0.3:2000"]]);
});
