import { assertEquals } from "@std/assert";
import { PlacesHere } from "../../lib/node/places_here.ts";
import { read } from "../config/read.ts";

function legionAt(host: string) {
  const action = "user=U,password=P,url=http://127.0.0.1:1/,ip=4.4.4.4,active_ip=1.1.1.1";
  const text = [
    "[uwsgi]",
    `legion = one ${host}:2000 10 bf-cbc:x`,
    `legion-lord = one hetzner-failoverip:${action}`,
    "",
  ].join("\n");
  return read(text).legions[0];
}

Deno.test("an address that goes and comes is logged once each, and looked for once a second", () => {
  const log: string[] = [];
  let hosts = ["1.1.1.1", "4.4.4.4"];
  let looks = 0;
  const places = new PlacesHere({
    localHosts: () => (looks++, hosts),
    log: (level, message) => log.push(`${level} ${message.replace(/^\S+:\d+: /, "")}`),
  });
  const config = legionAt("1.1.1.1");
  const kinds = (nowMs: number) => places.look(config, nowMs).map(({ kind }) => kind);
  assertEquals(kinds(0), []);
  hosts = ["1.1.1.1"];
  assertEquals([kinds(999), looks], [[], 1]);
  assertEquals(kinds(1_000), ["nowhere here"]);
  assertEquals(kinds(2_000), ["nowhere here"]);
  hosts = ["1.1.1.1", "4.4.4.4"];
  assertEquals(kinds(3_000), []);
  const why = "4.4.4.4 is on no interface here: as lord this server would not answer for it";
  assertEquals(log, [
    `warn ${why}: ip address add 4.4.4.4/32 dev lo`,
    `info no longer so: ${why}`,
  ]);
});

Deno.test("another configuration is looked at at once", () => {
  const places = new PlacesHere({ localHosts: () => ["1.1.1.1"], log: () => {} });
  const without = { ...legionAt("1.1.1.1"), hooks: [] };
  assertEquals(places.look(without, 0), []);
  assertEquals(places.look(legionAt("1.1.1.1"), 1).map(({ kind }) => kind), ["nowhere here"]);
});

Deno.test("on loopback, and where the addresses of this machine are not known, nothing is missed", () => {
  const log = () => {};
  const loopback = new PlacesHere({ localHosts: () => ["127.0.0.1"], log });
  assertEquals(loopback.look(legionAt("127.0.0.1"), 0), []);
  assertEquals(new PlacesHere({ log }).look(legionAt("1.1.1.1"), 0), []);
});
