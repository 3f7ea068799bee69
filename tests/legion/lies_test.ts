// A peer that holds the secret and lies: in its node, in the uuid that it had, in how long its support
// binds, in its list, in whom it hears. It counts for nobody, is dropped or told, and makes nobody lord.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Announcement, maxBindsMs } from "../../lib/legion/announcement.ts";
import { DatagramError, type DropReason } from "../../lib/legion/datagram_error.ts";
import { Driven } from "./driven.ts";

const maxMembers = 8;
const liars = ["1", "2", "3"].map((n) => `liar-${n}`.padEnd(36, "x"));
const honest = { a: "a".repeat(36), b: "b".repeat(36) };

/** The reason why a word is dropped; undefined: it is taken in. */
function dropped(act: () => void): DropReason | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof DatagramError) return error.reason;
    throw error;
  }
}

/** A word of a liar. */
interface Lie {
  readonly uuid: string;
  readonly node: string;
  readonly was?: "a" | "b" | "self" | "nobody" | "liar";
  readonly binds: number;
  readonly config?: string;
  readonly hears?: bigint;
  readonly supports: "us" | "itself" | "nobody";
  readonly valor: number;
  readonly says: "nothing" | "lord" | "claim" | "dead";
}

const lie: fc.Arbitrary<Lie> = fc.record({
  uuid: fc.constantFrom(...liars),
  node: fc.constantFrom("", "x:2000", "a:2000", "b:2000", "self:2000", "[::1]:1"),
  was: fc.constantFrom(undefined, undefined, "a", "b", "self", "nobody", "liar"),
  binds: fc.constantFrom(0, 1, 3_000, maxBindsMs),
  config: fc.constantFrom(undefined, "", "0badf00d"),
  hears: fc.constantFrom(undefined, 0n, 7n, 2n ** 64n - 1n),
  supports: fc.constantFrom("us", "us", "itself", "nobody"),
  valor: fc.constantFrom(0, 10, 30, 99),
  says: fc.constantFrom("nothing", "nothing", "lord", "claim", "dead"),
});

/** Whether a lie is what a holder of the secret could say of a node before: that it is that node. */
const isImpersonation = ({ was, node }: Lie) =>
  (was === "a" || was === "b") && node === `${was}:2000`;

function tell(node: Driven, { was, config, supports, says, ...lie }: Lie): void {
  const { uuid: own } = node.legion.view();
  const pasts = { ...honest, self: own, nobody: "n".repeat(36), liar: liars[0] };
  const support =
    { us: node.echo, itself: { uuid: lie.uuid, seq: 1 }, nobody: undefined }[supports];
  const changed: Partial<Announcement> = {
    ...lie,
    ...node.vote,
    support,
    was: was === undefined ? undefined : pasts[was],
    ...config === undefined ? {} : { config },
    lord: says === "lord" ? 1 : 0,
    claim: says === "claim",
    dead: says === "dead",
  };
  node.hear("liar", changed, "9.9.9.9:9");
}

/** Something that happens: a lie, an honest node that supports this one, or time that passes. */
type Step =
  | { what: "lie"; lie: Lie }
  | { what: "support"; supporter?: string }
  | { what: "time"; ms: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant("lie" as const), lie }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant("support" as const),
      supporter: fc.constantFrom("a", "b", undefined),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("time" as const),
      ms: fc.integer({ min: 1, max: 900 }),
    }),
  },
);

/**
 * Plays what happens to a node of three, quorum 2, that hears both others all the while, and calls
 * `check` after each step with the time until which an honest node supports it.
 */
function play(steps: readonly Step[], check: (node: Driven, untilMs: number) => void) {
  const node = new Driven({ maxMembers });
  const seqs = new Map<string, number>();
  let untilMs = -Infinity;
  const hearBoth = (supporter?: string) => {
    for (const name of ["a", "b"]) {
      const seq = (seqs.get(name) ?? 0) + 1;
      seqs.set(name, seq);
      if (name !== supporter) {
        node.hear(name, { seq });
        continue;
      }
      // A promise can last no longer than if it was given when the echoed announcement was sent.
      untilMs = Math.max(untilMs, node.newest.atMs + 3_000 * 0.95);
      node.hear(name, { ...node.vote, seq, support: node.echo });
    }
  };
  for (let ms = 0; ms <= 3_500; ms += 500) {
    node.to(ms);
    hearBoth();
  }
  for (const each of steps) {
    if (each.what === "support") hearBoth(each.supporter);
    else if (each.what === "time") {
      node.to(node.nowMs + each.ms);
      hearBoth();
    } else if (!isImpersonation(each.lie)) {
      const { was, says } = each.lie;
      const before = node.legion.view().members.map(({ uuid }) => uuid);
      const reason = dropped(() => tell(node, each.lie));
      const isOthers = was === "a" || was === "b" || was === "self";
      if (isOthers && says !== "dead") {
        assertEquals(reason, "identity", was);
      }
      if (reason === "identity") {
        assertEquals(node.legion.view().members.map(({ uuid }) => uuid), before);
      }
    }
    check(node, untilMs);
  }
}

Deno.test("bad input: however a peer lies, nobody is lord but by the support of honest nodes", () => {
  let lords = 0;
  const property = fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
    play(steps, ({ legion }, untilMs) => {
      const { lordUntilMs, claimUntilMs } = legion;
      assert(lordUntilMs <= untilMs && claimUntilMs <= untilMs, `${claimUntilMs} > ${untilMs}`);
      if (lordUntilMs > -Infinity) lords++;
    });
  });
  fc.assert(property, { numRuns: 2_000 });
  assert(lords > 100, "it was never lord");
});

Deno.test("bad input: however a peer lies, it removes no other, and memory is bounded", () => {
  const property = fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
    play(steps, ({ legion }) => {
      const { members, sendersKnown } = legion.view();
      const uuids = members.map(({ uuid }) => uuid);
      for (const uuid of Object.values(honest)) assert(uuids.includes(uuid), `${uuids}`);
      assert(members.length <= maxMembers, `${members.length} members`);
      assert(sendersKnown <= 2 * maxMembers, `${sendersKnown} senders`);
    });
  });
  fc.assert(property, { numRuns: 2_000 });
});
