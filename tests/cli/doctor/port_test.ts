import { assertEquals } from "@std/assert";
import { portAnswers, type PortFacts, udpSockets } from "../../../lib/cli/doctor/port.ts";
import { read } from "../../config/read.ts";

const uwsgi = { name: "uwsgi", pid: 7 };

function answer(address: string, facts: Partial<PortFacts>): string {
  const config = read(`[uwsgi]\nlegion = one ${address} 1 bf-cbc:x\n`);
  const usual = {
    sockets: [],
    hosts: ["1.1.1.1", "fe80::1%eth0"],
    nodePid: undefined,
    isHanging: false,
  };
  const [{ sign, why }] = portAnswers(config, { ...usual, ...facts });
  return `${sign} ${why}`;
}

const table: [what: string, address: string, facts: Partial<PortFacts>, answer: string][] = [
  ["free", "1.1.1.1:2000", {}, "ok 1.1.1.1:2000 is free"],
  [
    "the node's own",
    "1.1.1.1:2000",
    { sockets: [{ host: "1.1.1.1", port: 2000, process: uwsgi }], nodePid: 7 },
    "ok the node listens on 1.1.1.1:2000",
  ],
  [
    "another process's",
    "1.1.1.1:2000",
    { sockets: [{ host: "0.0.0.0", port: 2000, process: uwsgi }], nodePid: 8 },
    "wrong 1.1.1.1:2000 is in use by another process: uwsgi, 7",
  ],
  [
    "that of the node that hangs, it seems",
    "1.1.1.1:2000",
    { sockets: [{ host: "1.1.1.1", port: 2000, process: uwsgi }], isHanging: true },
    "note not known: 1.1.1.1:2000 is in use by uwsgi, 7: by the node that hangs, it seems",
  ],
  [
    "another address's",
    "1.1.1.1:2000",
    { sockets: [{ host: "127.0.0.1", port: 2000, process: uwsgi }] },
    "ok 1.1.1.1:2000 is free",
  ],
  [
    "any address's for a node that listens on all",
    ":2000",
    { sockets: [{ host: "127.0.0.1", port: 2000, process: uwsgi }] },
    "wrong 0.0.0.0:2000 is in use by another process: uwsgi, 7",
  ],
  [
    "somebody's, and no node answers",
    "1.1.1.1:2000",
    { sockets: [{ host: "1.1.1.1", port: 2000 }] },
    "wrong 1.1.1.1:2000 is in use, and no node answers; root is told which process it is",
  ],
  [
    "somebody's, and the node runs",
    "1.1.1.1:2000",
    { sockets: [{ host: "1.1.1.1", port: 2000 }], nodePid: 7 },
    "ok 1.1.1.1:2000 is in use, and the node runs; root is told which process it is",
  ],
  [
    "nobody's, although the node runs",
    "1.1.1.1:2000",
    { nodePid: 7 },
    "wrong the node runs (process 7), and nobody listens on 1.1.1.1:2000",
  ],
  [
    "of an address that is not here",
    "9.9.9.9:2000",
    {},
    "wrong 9.9.9.9:2000 is on no interface here, and the node waits until it is",
  ],
  [
    "not known without ss",
    "1.1.1.1:2000",
    { sockets: undefined },
    "note not known: ss does not tell who listens",
  ],
];

for (const [what, address, facts, expected] of table) {
  Deno.test(`the legion's port is ${what}`, () => assertEquals(answer(address, facts), expected));
}

Deno.test("the sockets that ss lists, in all its forms of an address", async () => {
  const out =
    `UNCONN 0      0          127.0.0.1:2000      0.0.0.0:*    users:(("deno",pid=12,fd=9))
UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:(("a b",pid=1,fd=9),("c",pid=2,fd=1))
UNCONN 0 0 [::1]:2001 [::]:*
UNCONN 0 0 *:2002 *:*
UNCONN 0 0 [fe80::1]%eth0:546 [::]:*
what is this?
`;
  const sockets = await udpSockets(() => {
    return Promise.resolve({ kind: "said", success: true, out, err: "" });
  });
  assertEquals(sockets, [
    { host: "127.0.0.1", port: 2000, process: { name: "deno", pid: 12 } },
    { host: "127.0.0.53", port: 53, process: { name: "a b", pid: 1 } },
    { host: "::1", port: 2001, process: undefined },
    { host: "0.0.0.0", port: 2002, process: undefined },
    { host: "fe80::1", port: 546, process: undefined },
  ]);
  assertEquals(await udpSockets(() => Promise.resolve({ kind: "missing" })), undefined);
});
