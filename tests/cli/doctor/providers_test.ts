import { assertEquals } from "@std/assert";
import { quotaAnswers } from "../../../lib/cli/doctor/providers.ts";
import { read } from "../../config/read.ts";

function config(addresses: number, others: number) {
  return read([
    "[uwsgi]",
    "legion = one 1.1.1.1:2000 10 bf-cbc:x",
    ...Array.from({ length: others }, (_, at) => `legion-node = one 2.2.2.${at}:2000`),
    ...Array.from({ length: addresses }, (_, at) => {
      return `legion-lord = one hetzner-failoverip:user=U,password=P,ip=4.4.4.${at},` +
        "active_ip=1.1.1.1,verify=3600";
    }),
    "",
  ].join("\n"));
}

const table: [addresses: number, others: number, answers: string[]][] = [
  [0, 2, []],
  [1, 0, [
    "ok Robot, quota: 1 look an hour as lord, and up to 15 for a takeover, of 100; 1 switch for a takeover, of 50",
  ]],
  [2, 2, [
    "ok Robot, quota: 1 look an hour as lord, and up to 30 for a takeover, of 100; " +
    "6 switches for a takeover by each of 3 nodes, of 50",
  ]],
];
for (const [addresses, others, answers] of table) {
  Deno.test(`what ${others + 1} nodes need of an account's quota for ${addresses} addresses`, () => {
    const told = quotaAnswers(config(addresses, others));
    assertEquals(told.map(({ sign, what, why }) => `${sign} ${what}: ${why}`), answers);
  });
}

Deno.test("a quota that is too small is a note, and the sum stands beside it", () => {
  const told = quotaAnswers(config(26, 1));
  assertEquals(told.map(({ sign, topic }) => `${sign} ${topic}`), ["ok ", "note configuration"]);
});
