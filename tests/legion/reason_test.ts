import { assertEquals } from "@std/assert";
import { type StandBackKind, standBackKinds } from "../../lib/base/stand_back_kind.ts";
import { arePlanned } from "../../lib/legion/reason.ts";

const reasons = (...kinds: StandBackKind[]) => kinds.map((kind) => ({ kind, why: kind }));

Deno.test("a title goes as planned where every reason is somebody's order or setting", () => {
  const planned = standBackKinds.filter((kind) => arePlanned(reasons(kind)));
  assertEquals(planned, ["not leader", "drained", "holding back"]);
  assertEquals(arePlanned(reasons("drained", "not leader")), true);
  assertEquals(arePlanned(reasons("drained", "unfit")), false);
});
