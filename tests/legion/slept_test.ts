// A node that has slept, or stood back for a while, is no lord past its lease, and keeps its promise
// (LEASE.md).
import type { HookEvent } from "../../lib/base/hook_event.ts";
import { assert, assertEquals } from "@std/assert";
import type { Announcement } from "../../lib/legion/announcement.ts";
import type { Effect } from "../../lib/legion/effects.ts";
import { Legion } from "../../lib/legion/legion.ts";
import { voterSays } from "./announcement.ts";
import { countedUuid, legionOptions } from "./legion_options.ts";
import { addressOf } from "./world.ts";

const self = "s".repeat(36);
const wallMs = 1_795_355_110_000;
const at = (monotonicMs: number) => ({ monotonicMs, wallMs: wallMs + monotonicMs });

/** A node that has just started, and how to bring it along. */
function started({ newUuid = () => self } = {}) {
  const legion = new Legion(legionOptions({ lease: "on", newUuid }));
  let seq = 0;
  let running: HookEvent | undefined;
  const heed = (effects: Effect[]) => {
    for (const effect of effects) {
      if (effect.type === "announce") seq = effect.announcement.seq;
      if (effect.type === "runHooks") running = effect.call.event;
    }
    return effects;
  };
  const endHooks = (ms: number) => {
    const event = running;
    assert(event !== undefined);
    running = undefined;
    return heed(legion.hooksEnded({ event, ok: true }, at(ms)));
  };
  const endNotices = (ms: number) => {
    while (running !== undefined && running !== "lord") endHooks(ms);
  };
  const hear = (changed: Partial<Announcement>, ms: number) => {
    const unix = Math.floor(at(ms).wallMs / 1000);
    const said = voterSays(changed.name ?? "a", { unix, ...changed });
    heed(legion.heard(said, addressOf(said.name), at(ms)));
    endNotices(ms);
  };
  heed(legion.start(at(0)));
  endNotices(0);
  return { legion, heed, hear, endHooks, echo: () => ({ uuid: self, seq }) };
}

/** A node whose lord hooks run, with a lease until 3,850 ms + 2,850 ms at most. */
function takingOver() {
  const { legion, heed, hear, endHooks, echo } = started();
  hear({ seq: 1 }, 2_000);
  heed(legion.tick(at(3_200)));
  hear({ seq: 2, support: echo() }, 3_850);
  assertEquals(legion.view().lordship, "taking over");
  return { legion, endHooks };
}

const messages = (effects: Effect[]) =>
  effects.flatMap((effect) => effect.type === "log" ? [effect.message] : []);

Deno.test("rule 6: lord hooks that end after the lease make no lord, even for a moment", () => {
  const { legion, endHooks } = takingOver();
  const told = messages(endHooks(7_000));
  assertEquals(told.filter((line) => line.includes("is the lord")), []);
  assert(told.some((line) => line.startsWith("the lord hooks have ended too late")), told.join());
  assertEquals(legion.lordUntilMs, -Infinity);
});

Deno.test("rule 7: a lord is none past its lease, whether anything has told it or not", () => {
  const { legion, endHooks } = takingOver();
  endHooks(3_900);
  assert(legion.lordUntilMs > 3_900);
  assert(legion.lordUntilMs <= 3_850 + 0.95 * 3_000);
  assertEquals(legion.claimUntilMs, legion.lordUntilMs);
});

Deno.test("a lord that stops is none from the first moment", () => {
  const { legion, endHooks } = takingOver();
  endHooks(3_900);
  legion.stop(at(3_950));
  assertEquals([legion.lordUntilMs, legion.claimUntilMs], [-Infinity, -Infinity]);
});

Deno.test("rule 4: a node that stands back for a while keeps its promise, under each of its uuids", () => {
  const { legion, heed, hear } = started({ newUuid: countedUuid() });
  const itself = (name: string, valor: number, seq: number) => {
    const uuid = name.repeat(36);
    const vote = { lordValor: valor, lordUuid: uuid, support: { uuid, seq } };
    return { name, uuid, valor, seq, claim: name === "b", ...vote };
  };
  hear(itself("b", 40, 1), 3_200);
  hear(itself("b", 40, 2), 3_400);
  assertEquals(legion.view().support, "b".repeat(36));
  const own = [legion.view().uuid];
  heed(legion.tell([{ kind: "drained", why: "drained" }], at(3_500)));
  for (const ms of [3_540, 3_580, 3_620]) heed(legion.tick(at(ms)));
  own.push(legion.view().uuid);
  assertEquals([legion.view().valor, legion.view().support], [0, "b".repeat(36)]);
  heed(legion.tell([], at(3_700)));
  own.push(legion.view().uuid);
  assertEquals([legion.view().valor, new Set(own).size], [30, 3]);
  // This node would rather have another now.
  hear(itself("a", 50, 1), 4_000);
  heed(legion.tick(at(4_800)));
  hear(itself("a", 50, 2), 6_300);
  assertEquals(legion.view().candidate?.name, "a");
  assertEquals([legion.view().phase, legion.view().support], ["voting", "b".repeat(36)]);
  hear(itself("a", 50, 3), 6_400);
  assertEquals(legion.view().support, "a".repeat(36));
});
