// Whatever is heard and whenever hooks end: a legion asks to be woken later, not again and again.
import type { HookEvent } from "../../lib/base/hook_event.ts";
import { assert } from "@std/assert";
import fc from "fast-check";
import type { Announcement } from "../../lib/legion/announcement.ts";
import { configMark } from "../../lib/legion/config_mark.ts";
import { DatagramError } from "../../lib/legion/datagram_error.ts";
import type { Effect } from "../../lib/legion/effects.ts";
import { Legion } from "../../lib/legion/legion.ts";
import type { LegionOptions } from "../../lib/legion/options.ts";
import { announcement } from "./announcement.ts";
import { countedUuid, legionOptions } from "./legion_options.ts";
import { addressOf } from "./world.ts";

const wallMs = 1_795_355_101_000;
/** The peers, with their valors; u is of uWSGI. */
const valors = { x: 30, y: 10, z: 10, u: 5 };
const names = ["x", "y", "z", "u"] as const;

const options = fc.record<Partial<LegionOptions>>({
  valor: fc.constantFrom(0, 20),
  quorum: fc.constantFrom(0, 1, 2, 3),
  voters: fc.constantFrom(["self"], ["self", "x", "y"], ["self", "x", "y", "z"], []).map((names) =>
    names.map(addressOf)
  ),
  node: fc.constantFrom(...["self", "self", "self", "x"].map(addressOf), undefined),
  lease: fc.constantFrom("auto", "auto", "on", "off"),
  releaseMs: fc.constantFrom(0, 500),
  deathOnLordErrorMs: fc.constantFrom(0, 3_000),
  failback: fc.constantFrom<LegionOptions["failback"]>(
    { kind: "immediate" },
    { kind: "manual" },
    { kind: "delay", delayMs: 2_000 },
  ),
});

/** What a peer says. */
interface Saying {
  readonly name: typeof names[number];
  readonly supports: "itself" | "us" | "nobody";
  readonly lord?: number;
  readonly claim?: boolean;
  readonly dead?: boolean;
}

/** What happens, and after how long. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("heard" as const), said: sayings() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("time" as const), ms: fc.nat(4_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("hooks" as const), ok: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("vote" as const), supports: supports() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stop" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("promote" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("fit" as const), isFit: fc.boolean() }) },
);

function supports() {
  return fc.constantFrom<Saying["supports"][]>("itself", "us", "nobody");
}

function sayings(): fc.Arbitrary<Saying> {
  return fc.record({
    name: fc.constantFrom(...names),
    supports: supports(),
    lord: fc.constantFrom(0, 0, 1),
    claim: fc.boolean(),
    dead: fc.constantFrom(false, false, false, true),
  });
}

Deno.test("it never asks to be woken at a time that is past already", () => {
  const property = fc.property(
    options,
    fc.array(step, { minLength: 10, maxLength: 80 }),
    (changed, steps) => {
      let nowMs = 0;
      let wakeMs = Infinity;
      let seq = 0;
      let ownSeq = 0;
      let running: HookEvent | undefined;
      const configured = legionOptions({
        pid: 1,
        valor: 20,
        maxMembers: 10,
        flap: { count: 1, withinMs: 10_000 },
        newUuid: countedUuid(),
        ...changed,
      });
      const legion = new Legion(configured);
      const now = () => ({ monotonicMs: nowMs, wallMs: wallMs + nowMs });
      const carryOut = (effects: Effect[]) => {
        for (const effect of effects) {
          if (effect.type === "wakeAt") wakeMs = effect.monotonicMs;
          if (effect.type === "announce") ownSeq = effect.announcement.seq;
          if (effect.type !== "runHooks") continue;
          const { event } = effect.call;
          // The others end at once; of these it is random when.
          if (["lord", "unlord", "death"].includes(event)) running = event;
          else carryOut(legion.hooksEnded({ event, ok: true }, now()));
        }
      };
      /** Does all that is due now. */
      const rest = () => {
        for (let ticks = 0; wakeMs <= nowMs; ticks++) {
          assert(ticks < 3, `at ${nowMs} it asks to be woken at ${wakeMs}`);
          wakeMs = Infinity;
          carryOut(legion.tick(now()));
        }
      };
      carryOut(legion.start(now()));
      for (const step of steps) {
        rest();
        if (step.kind === "time") {
          for (const endMs = nowMs + step.ms; nowMs < endMs;) {
            nowMs = Math.min(wakeMs, endMs);
            rest();
          }
        }
        if (step.kind === "stop") carryOut(legion.stop(now()));
        if (step.kind === "promote") carryOut(legion.promote(now()));
        if (step.kind === "fit") {
          carryOut(legion.tell(step.isFit ? [] : [{ kind: "unfit", why: "unfit" }], now()));
        }
        if (step.kind === "hooks" && running !== undefined) {
          const event = running;
          running = undefined;
          carryOut(legion.hooksEnded({ event, ok: step.ok }, now()));
        }
        if (step.kind === "heard") hear(said(step.said));
        if (step.kind === "vote") {
          // All members have the same view, as they do when nothing happens for a while.
          const { members, checksum, candidate } = legion.view();
          const there = names.filter((name) => members.some((member) => member.name === name));
          if (candidate === undefined) continue;
          const vote = { checksum, lordValor: candidate.valor, lordUuid: candidate.uuid };
          for (const name of there) hear({ ...said({ name, ...step }), ...vote });
        }
      }
      rest();

      function hear(said: Announcement) {
        try {
          carryOut(legion.heard(said, addressOf(said.name), now()));
        } catch (error) {
          if (!(error instanceof DatagramError)) throw error;
        }
      }

      function said({ name, supports, lord, claim = false, dead }: Saying): Announcement {
        const uuid = name.repeat(36);
        const supported = {
          itself: { uuid, seq: ++seq },
          us: { uuid: legion.view().uuid, seq: ownSeq },
        };
        const unix = Math.floor((wallMs + nowMs) / 1000);
        const common = announcement({ name, uuid, valor: valors[name], unix, lord, dead });
        if (name === "u") return common;
        const support = supports === "nobody" ? undefined : supported[supports];
        const { voters, quorum } = configured;
        const pairs = { node: addressOf(name), config: configMark(voters, quorum) };
        return { ...common, ...pairs, seq, support, binds: support ? 3_000 : 0, claim };
      }
    },
  );
  fc.assert(property, { numRuns: 10_000 });
});
