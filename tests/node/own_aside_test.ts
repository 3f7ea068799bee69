import { assertEquals } from "@std/assert";
import type { AddressStats } from "../../lib/status/address_stats.ts";
import { OwnAside } from "../../lib/node/own_aside.ts";
import { announcement } from "../legion/announcement.ts";

const lord = announcement({ seq: 1, lord: 900 });

function address(ip: string, changed: Partial<AddressStats> = {}): AddressStats {
  const to = { points_to: "1.1.1.1", active_server_ip: "1.1.1.1", wanted: "1.1.1.1" };
  const by = { seen: 991, seen_by: "", taken_over_by: "" };
  return { ip, provider: "Robot", ...to, ...by, problem: "", ...changed };
}

function sources(...addresses: AddressStats[]) {
  return { reasons: [], addresses, name: "a", wallMs: 1_000_000 };
}

Deno.test("a node tells its version, and each kind of reason to stand back once", () => {
  const aside = new OwnAside("1.2.3");
  const reasons = [
    { kind: "unfit", why: "check web fails" },
    { kind: "unfit", why: "check db fails" },
    { kind: "drained", why: "drained by eve" },
  ] as const;
  const told = aside.addTo(announcement({ seq: 1 }), { ...sources(), reasons });
  assertEquals(told.aside, { version: "1.2.3", back: ["unfit", "drained"] });
});

Deno.test("a lord tells where it saw its addresses, one after the other", () => {
  const aside = new OwnAside("");
  const three = sources(address("4.4.4.4"), address("5.5.5.5", { points_to: null, seen: 1_000 }));
  const told = () => aside.addTo(lord, three).aside?.sight;
  assertEquals(told(), { ip: "4.4.4.4", where: "1.1.1.1", ageSeconds: 9 });
  assertEquals([told()?.ip, told()?.ip], ["5.5.5.5", "4.4.4.4"]);
  assertEquals(aside.addTo(lord, sources(address("6.6.6.6"))).aside?.sight?.ip, "6.6.6.6");
});

Deno.test("no sight is told by a follower, of what was never seen, or by another", () => {
  const aside = new OwnAside("");
  const sight = (said = lord, ...of: AddressStats[]) =>
    aside.addTo(said, sources(...of)).aside?.sight;
  assertEquals(sight(announcement({ seq: 1 }), address("4.4.4.4")), undefined);
  assertEquals(sight(lord, address("4.4.4.4", { seen: 0 })), undefined);
  assertEquals(sight(lord, address("4.4.4.4", { seen_by: "b" })), undefined);
  assertEquals(sight(lord, address("4.4.4.4", { seen_by: "a" }))?.ip, "4.4.4.4");
});

Deno.test("where legion-lease is off, and in a farewell for uWSGI's nodes, nothing is added", () => {
  const said = announcement({ lord: 900 });
  assertEquals(new OwnAside("1").addTo(said, sources(address("4.4.4.4"))), said);
});
