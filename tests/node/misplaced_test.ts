import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describeConfiguration } from "../../lib/node/configuration.ts";
import { missingHere, routedToOthers } from "../../lib/node/misplaced.ts";
import { read } from "../config/read.ts";

const legion = [
  "[uwsgi]",
  "legion = one 1.1.1.1:2000 10 bf-cbc:x",
  "legion-node = one 2.2.2.2:2000",
  "legion-node = one 3.3.3.3:2000",
  "legion-quorum = one 2",
];

function hook(ip: string, wanted: string, event = "lord"): string {
  const login = "user=U,password=P,url=http://127.0.0.1:1/";
  return `legion-${event} = one hetzner-failoverip:${login},ip=${ip},active_ip=${wanted}`;
}

function config(...lines: string[]) {
  return read([...legion, ...lines, ""].join("\n"));
}

const here = ["127.0.0.1", "1.1.1.1", "4.4.4.4", "2a01:4f8:1::2", "fe80::1%eth0"];

const table: [what: string, lines: string[], hosts: string[], found: string[]][] = [
  ["all is here", [hook("4.4.4.4", "1.1.1.1")], here, []],
  ["the line of another node", [hook("4.4.4.4", "2.2.2.2")], here, [
    "another node 4.4.4.4 2.2.2.2 6",
  ]],
  ["a server that is no node", [hook("4.4.4.4", "9.9.9.9")], here, [
    "another server 4.4.4.4 9.9.9.9 6",
  ]],
  ["no interface has the failover address", [hook("5.5.5.5", "1.1.1.1")], here, [
    "nowhere here 5.5.5.5 1.1.1.1 6",
  ]],
  [
    "a command may add the address",
    [
      hook("5.5.5.5", "1.1.1.1"),
      "legion-lord = one cmd:ip address add 5.5.5.5/32 dev lo",
    ],
    here,
    [],
  ],
  ["an unlord hook may send it anywhere", [hook("4.4.4.4", "2.2.2.2", "unlord")], here, []],
  [
    "behind NAT the main address is not here",
    [
      hook("4.4.4.4", "9.9.9.9"),
      "legion-address = one 9.9.9.9:2000",
    ],
    here,
    [],
  ],
  [
    "a subnet of which one address is here",
    [hook("2a01:4f8:fff1::", "2a01:4f8:1::")],
    [...here, "2a01:4f8:fff1::5"],
    [],
  ],
  [
    "a subnet of which only the net address is here, which no service can have",
    [hook("2a01:4f8:fff1::", "2a01:4f8:1::")],
    [...here, "2a01:4f8:fff1::"],
    ["nowhere here 2a01:4f8:fff1:: 2a01:4f8:1:: 6"],
  ],
  ["a subnet of which none is here", [hook("2a01:4f8:2::", "2a01:4f8:1::")], here, [
    "nowhere here 2a01:4f8:2:: 2a01:4f8:1:: 6",
  ]],
  ["a main subnet that is another server's", [hook("2a01:4f8:1::", "2a01:4f8:3::")], here, [
    "another server 2a01:4f8:1:: 2a01:4f8:3:: 6",
  ]],
];

for (const [what, lines, hosts, found] of table) {
  Deno.test(`the addresses of lord hooks: ${what}`, () => {
    const all = [...routedToOthers(config(...lines)), ...missingHere(config(...lines), hosts)];
    assertEquals(all.map(({ kind, ip, wanted, line }) => `${kind} ${ip} ${wanted} ${line}`), found);
  });
}

Deno.test("another node's server is a warning always, what is missing here of --check-config", () => {
  const { warnings } = config(hook("5.5.5.5", "2.2.2.2"));
  assertEquals(warnings, [
    "f.ini:6: as lord this node routes 5.5.5.5 to 2.2.2.2, which is another node (2.2.2.2:2000): " +
    "ip -brief address",
  ]);
  const shown = describeConfiguration(config(hook("5.5.5.5", "1.1.1.1")), here);
  assertEquals(shown.split("\n").filter((line) => line.startsWith("warning:")), [
    "warning: f.ini:6: 5.5.5.5 is on no interface here: as lord this server would not answer for " +
    "it: ip address add 5.5.5.5/32 dev lo",
  ]);
  assertEquals(
    describeConfiguration(config(hook("5.5.5.5", "1.1.1.1"))).includes("warning"),
    false,
  );
});

Deno.test("the net of another node's address is that node's, and the remedy is for IPv6", () => {
  const six = legion.map((line) => line.replaceAll(/(\d)\.\1\.\1\.\1/g, "[2a01:4f8:$1::2]"));
  const at = (wanted: string) => read([...six, hook("2a01:4f8:fff1::", wanted), ""].join("\n"));
  assertEquals(routedToOthers(at("2a01:4f8:2::")).map(({ why }) => why), [
    "as lord this node routes 2a01:4f8:fff1:: to 2a01:4f8:2::, which is another node " +
    "([2a01:4f8:2::2]:2000)",
  ]);
  assertEquals(missingHere(at("2a01:4f8:1::"), here).map(({ why, remedy }) => [why, remedy]), [[
    "but for its net address 2a01:4f8:fff1::/64 is on no interface here: as lord this server " +
    "would not answer for it",
    "ip -6 address add 2a01:4f8:fff1::2/64 dev lo",
  ]]);
});

Deno.test("describeConfiguration: lines are broken at the width, and go on below their values", () => {
  const shown = describeConfiguration(config(hook("5.5.5.5", "1.1.1.1")), here, 50);
  for (const line of shown.split("\n")) assert(line.length <= 50, line);
  assertStringIncludes(
    shown,
    "\n  flapping   stand back when the title is lost\n             more than ",
  );
  assertStringIncludes(shown, "\nwarning: f.ini:6: 5.5.5.5 is on no interface here:\n  as lord ");
});
