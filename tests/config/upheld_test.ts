import { assert, assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../lib/config/config_error.ts";
import { read } from "./read.ts";

const lines = {
  own: "legion = one 10.0.0.1:2000 1 bf-cbc:x",
  nodes: "legion-node = one 10.0.0.1:2000\nlegion-node = one 10.0.0.2:2000\n" +
    "legion-node = one 10.0.0.3:2000\nlegion-quorum = one 2",
  freq: "legion-freq = 1",
  tolerance: "legion-tolerance = 3",
  lease: "legion-lease = one on",
  release: "legion-release-time = one 1",
  hook: "legion-lord = one address:ip=10.0.0.100/24,dev=lan",
};

function textWith(changed: Partial<typeof lines>): string {
  return `[uwsgi]\n${Object.values({ ...lines, ...changed }).join("\n")}\n`;
}

Deno.test("an address is had with a lease and a time to remove it in", () => {
  const [{ hooks }] = read(textWith({})).legions;
  assertEquals(hooks.map(({ action }) => action.kind), ["address"]);
  assert(read(textWith({ tolerance: "" })).legions.length === 1);
});

const wrong: [what: string, changed: Partial<typeof lines>, message: string][] = [
  ["the lease is left to what is there", { lease: "" }, "needs legion-lease = one on"],
  ["the lease is off", { lease: "legion-lease = one off" }, "needs legion-lease = one on"],
  ["there is no release time", { release: "" }, "legion-release-time = one 1, or more"],
  [
    "the release time is below a second",
    { release: "legion-release-time = one 0.9" },
    "legion-release-time = one 1, or more",
  ],
  [
    "the tolerance is too short",
    { tolerance: "legion-tolerance = 2.4" },
    "needs a legion-tolerance of at least 2.5 s",
  ],
  [
    "another line has it on another device",
    { hook: `${lines.hook}\n${lines.hook.replace("dev=lan", "dev=wan").replace("/24", "/32")}` },
    "f.ini:12: legion-lord: address: the action in line 11 has 10.0.0.100 already",
  ],
  [
    "it is bound to another event",
    { hook: lines.hook.replace("lord", "unlord") },
    "f.ini:11: legion-unlord: address: it is for legion-lord alone",
  ],
];

for (const [what, changed, message] of wrong) {
  Deno.test(`refused with an address: ${what}`, () => {
    const error = assertThrows(() => read(textWith(changed)), ConfigError);
    assert(error.message.includes(message), error.message);
  });
}
