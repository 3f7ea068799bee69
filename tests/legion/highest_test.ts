import { assertEquals } from "@std/assert";
import { configMark } from "../../lib/legion/config_mark.ts";
import { Legion } from "../../lib/legion/legion.ts";
import { announcement } from "./announcement.ts";
import { legionOptions } from "./legion_options.ts";
import { noted } from "./noted.ts";

const now = { monotonicMs: 0, wallMs: 1_795_355_101_500 };

/** Whether a node with valor 30 begins as the highest, by what it has noted of the other two. */
function begins(valors: readonly (number | undefined)[], own: { valor?: number } = {}): boolean {
  const legion = new Legion(legionOptions(own));
  const { voters, quorum } = legionOptions();
  const config = configMark(voters, quorum);
  const configs = valors.map((valor, index) => {
    const name = "ab"[index];
    return { node: `${name}:2000`, name, config, sinceMs: -10_000, bindsMs: 3_000, valor };
  });
  legion.start(now, { kind: "noted", notes: noted({ configs, end: "leave" }) });
  return legion.isHighest;
}

Deno.test("Legion.isHighest: all others were lower, and none is unknown", () => {
  assertEquals(begins([20, 10]), true);
  assertEquals(begins([20, 10], { valor: 15 }), false);
  assertEquals(begins([20, 30]), false);
  assertEquals(begins([20, 40]), false);
  // A node of valor 0 may have stood back, and stand again.
  assertEquals(begins([20, 0]), false);
  assertEquals(begins([20]), false);
  // Notes of an earlier version do not tell.
  assertEquals(begins([20, undefined]), false);
});

Deno.test("Legion.isHighest: where nothing is noted, only what is heard tells", () => {
  const legion = new Legion(legionOptions());
  legion.start(now);
  legion.hooksEnded({ event: "setup", ok: true }, now);
  const heard = (name: string, valor: number, seq: number) => {
    const uuid = name.padEnd(36, "0");
    const said = announcement({
      name,
      valor,
      uuid,
      node: `${name}:2000`,
      seq,
      unix: 1_795_355_101,
    });
    legion.heard(said, `${name}:2000`, now);
    return legion.isHighest;
  };
  assertEquals(legion.isHighest, false);
  assertEquals(heard("a", 20, 1), false);
  assertEquals(heard("b", 10, 1), true);
});

Deno.test("Legion.isHighest: where no nodes are listed, nobody knows", () => {
  const legion = new Legion(legionOptions({ voters: [], node: undefined }));
  legion.start(now);
  assertEquals(legion.isHighest, false);
});
