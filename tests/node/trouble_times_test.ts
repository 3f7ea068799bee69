import { assertEquals } from "@std/assert";
import { TroubleTimes } from "../../lib/node/trouble_times.ts";
import type { NodeTroubleKind } from "../../lib/status/node_stats.ts";
import { nodeStats } from "../status/stats.ts";

const at = (seconds: number) => ({ monotonicMs: seconds * 1_000, wallMs: 1e12 + seconds * 1_000 });

function looks() {
  const times = new TroubleTimes();
  return (seconds: number, kinds: NodeTroubleKind[], since = 0, wallMs = at(seconds).wallMs) => {
    const troubles = kinds.map((kind) => ({ kind, why: "", since }));
    const now = { ...at(seconds), wallMs };
    const [{ troubles: told }] = times.look([nodeStats({ troubles })], now, 2_000);
    return told.map(({ kind, since }) => `${kind} ${since - 1e9}`);
  };
}

Deno.test("a trouble lasts since it was seen first, until it is not seen", () => {
  const look = looks();
  assertEquals(look(10, ["other config"]), ["other config 10"]);
  assertEquals(look(20, ["other config", "doubled"]), ["other config 10", "doubled 20"]);
  assertEquals(look(30, ["doubled"]), ["doubled 20"]);
  assertEquals(look(40, ["other config", "doubled"]), ["other config 40", "doubled 20"]);
});

Deno.test("a time that the trouble tells itself is kept", () => {
  const look = looks();
  assertEquals(look(10, ["silent"], 1e9 + 3), ["silent 3"]);
});

Deno.test("one that may be of a moment is told once it has lasted, since it began", () => {
  const look = looks();
  assertEquals(look(10, ["never heard", "clock off"]), ["clock off 10"]);
  assertEquals(look(11.9, ["does not hear us", "never heard"]), []);
  assertEquals(look(12, ["does not hear us", "never heard"]), ["never heard 10"]);
});

Deno.test("a step of the wall clock moves the times with it, and makes none longer", () => {
  const look = looks();
  look(10, ["never heard"]);
  assertEquals(look(11, ["never heard"], 0, at(5_000).wallMs), []);
  assertEquals(look(13, ["never heard"], 0, at(5_002).wallMs), ["never heard 4999"]);
});
