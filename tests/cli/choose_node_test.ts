import { assertEquals, assertThrows } from "@std/assert";
import { type Choice, chooseNode } from "../../lib/cli/choose_node.ts";
import type { AnsweringNode, NodesHere } from "../../lib/cli/nodes_here.ts";
import { UsageError } from "../../lib/cli/usage_error.ts";
import { parseAddress } from "../../lib/config/address.ts";
import { socketsIn } from "../../lib/config/node_sockets.ts";
import { NoNode } from "../../lib/node/control_client.ts";
import { legionStats, statsOf } from "../status/stats.ts";

/** A node that has answered, by its legions: `one 10.0.0.1:2000`. */
function node(...legions: string[]): AnsweringNode {
  const named = legions.map((text) => text.split(" "));
  return {
    sockets: socketsIn("/run/failover", parseAddress(named[0][1])),
    stats: statsOf(...named.map(([legion, addr]) => legionStats({ legion, addr }))),
  };
}

/** A configuration, by its legions. */
function config(...legions: string[]) {
  return legions.map((text) => {
    const [name, address] = text.split(" ");
    return { name, address: parseAddress(address) };
  });
}

function choose(
  here: Partial<NodesHere>,
  wanted: Choice["wanted"] = {},
  env: Record<string, string> = { XDG_RUNTIME_DIR: "/run/user/7" },
) {
  return chooseNode({
    here: { answering: [], mute: [], forbidden: [], folders: ["/run/failover"], ...here },
    wanted,
    command: "failover drain",
    at: { env: (name) => env[name], uid: 7 },
  }).sockets.node;
}

const a = node("one 10.0.0.1:2000", "two 10.0.0.1:2001");
const b = node("one 10.0.0.1:3000", "six [fd09::1]:3001");

Deno.test("chooseNode: the only node here needs no word", () => {
  assertEquals(choose({ answering: [a] }), "10.0.0.1:2000");
  // Another one that may not be asked can be given no order either.
  assertEquals(choose({ answering: [a], forbidden: ["no right"] }), "10.0.0.1:2000");
});

const chosen: [what: string, wanted: Choice["wanted"], node: string][] = [
  ["its address", { node: "10.0.0.1:3000" }, "10.0.0.1:3000"],
  ["the address of another legion of its", { node: "[fd09::1]:3001" }, "10.0.0.1:3000"],
  ["its legion", { legion: "two" }, "10.0.0.1:2000"],
  ["its configuration", { config: config("one 10.0.0.1:3000") }, "10.0.0.1:3000"],
  ["a legion of its configuration", {
    config: config("new 10.0.0.1:7", "six [FD09:0::1]:3001"),
  }, "10.0.0.1:3000"],
];

for (const [what, wanted, node] of chosen) {
  Deno.test(`chooseNode: one of two, by ${what}`, () => {
    assertEquals(choose({ answering: [a, b] }, wanted), node);
  });
}

Deno.test("chooseNode: a node in the folder of RUNTIME_DIRECTORY goes first", () => {
  const own = { ...b, sockets: socketsIn("/run/b", parseAddress("10.0.0.1:3000")) };
  const env = { RUNTIME_DIRECTORY: "/run/b" };
  assertEquals(choose({ answering: [a, own] }, {}, env), "10.0.0.1:3000");
  assertEquals(choose({ answering: [a, own] }, { legion: "two" }, env), "10.0.0.1:2000");
  assertEquals(choose({ answering: [a] }, {}, env), "10.0.0.1:2000");
});

for (const wanted of [{}, { legion: "one" }]) {
  Deno.test(`chooseNode: several are listed with what to type: ${JSON.stringify(wanted)}`, () => {
    const error = assertThrows(() => choose({ answering: [a, b] }, wanted), UsageError);
    assertEquals([error.message, ...error.hints], [
      "2 nodes run here: say which is meant",
      "  failover drain --node 10.0.0.1:2000   # one at 10.0.0.1:2000, two at 10.0.0.1:2001",
      "  failover drain --node 10.0.0.1:3000   # one at 10.0.0.1:3000, six at [fd09::1]:3001",
    ]);
  });
}

Deno.test("chooseNode: two of the same address are told apart by their folders", () => {
  const other = { ...a, sockets: socketsIn("/run/failover-b", parseAddress("10.0.0.1:2000")) };
  const error = assertThrows(() => choose({ answering: [a, other] }), UsageError);
  assertEquals(error.hints.map((hint) => hint.replace(/ {3}#.*/, "")), [
    "  RUNTIME_DIRECTORY=/run/failover failover drain --node 10.0.0.1:2000",
    "  RUNTIME_DIRECTORY=/run/failover-b failover drain --node 10.0.0.1:2000",
  ]);
  const env = { RUNTIME_DIRECTORY: "/run/failover-b" };
  assertEquals(choose({ answering: [a, other] }, { node: "10.0.0.1:2000" }, env), "10.0.0.1:2000");
});

const mute = [{ sockets: b.sockets, why: "it does not answer within 2 s" }];

const none: [
  what: string,
  here: Partial<NodesHere>,
  wanted: Choice["wanted"],
  message: string,
  isForbidden: boolean,
][] = [
  ["nobody", {}, {}, "no node answers here; looked in /run/failover", false],
  [
    "a node that hangs",
    { mute },
    {},
    "the node at 10.0.0.1:3000: it does not answer within 2 s",
    false,
  ],
  [
    "the one that is meant hangs",
    { answering: [a], mute },
    { config: config("one 10.0.0.1:3000") },
    "the node at 10.0.0.1:3000: it does not answer within 2 s",
    false,
  ],
  [
    "another one hangs",
    { mute },
    { node: "10.0.0.1:7" },
    "no node at 10.0.0.1:7 answers here; looked in /run/failover",
    false,
  ],
  ["no right to ask", { forbidden: ["no right to ask at x"] }, {}, "no right to ask at x", true],
  [
    "the node of another configuration",
    { answering: [a] },
    { config: config("one 10.0.0.1:3000") },
    "no node of one at 10.0.0.1:3000 answers here; others do: " +
    "one at 10.0.0.1:2000, two at 10.0.0.1:2001",
    false,
  ],
];

for (const [what, here, wanted, message, isForbidden] of none) {
  Deno.test(`chooseNode: none: ${what}`, () => {
    const error = assertThrows(() => choose(here, wanted), NoNode);
    assertEquals([error.message, error.isForbidden], [message, isForbidden]);
  });
}

Deno.test("chooseNode: a legion that no node here is in", () => {
  const error = assertThrows(() => choose({ answering: [b] }, { legion: "two" }), UsageError);
  assertEquals(
    error.message,
    "there is no legion two here; there is: one at 10.0.0.1:3000, six at [fd09::1]:3001",
  );
});

Deno.test("chooseNode: where this user's nodes have no folder, it says what to set", () => {
  const error = assertThrows(() => choose({}, {}, {}), NoNode);
  assertEquals(
    error.message,
    "no node answers here; looked in /run/failover (for a node of yours set RUNTIME_DIRECTORY, or " +
      "XDG_RUNTIME_DIR, to a folder of its user)",
  );
});
