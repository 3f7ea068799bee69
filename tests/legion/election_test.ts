import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Announcement, noUuid } from "../../lib/legion/announcement.ts";
import { candidate, checksum, digest, type Voter, votes } from "../../lib/legion/election.ts";
import { Membership } from "../../lib/legion/membership.ts";
import { announcement } from "./announcement.ts";

const a: Voter = { valor: 30, name: "a", uuid: "a".repeat(36) };
const b: Voter = { valor: 20, name: "b", uuid: "b".repeat(36) };
const arbiter: Voter = { valor: 0, name: "z", uuid: "z".repeat(36) };

function saying(voter: Voter, view: bigint, choice: Voter): Announcement {
  const vote = { checksum: view, lordValor: choice.valor, lordUuid: choice.uuid };
  return announcement({ ...voter, ...vote });
}

function members(...announcements: Announcement[]): Membership {
  const membership = new Membership();
  for (const said of announcements) membership.hear(said, "", { monotonicMs: 0, wallMs: 0 });
  return membership;
}

Deno.test("the checksum adds up valors and uuid bytes, as uWSGI's did on the wire", () => {
  // From the vectors: a lone node of valor 9999, and a lone arbiter.
  const lone = { valor: 9999, name: "", uuid: "bb7b70aa-37cc-432c-b283-6d7d8bc1cd72" };
  assertEquals(checksum(lone, members()), 12_551n);
  const loneArbiter = { valor: 0, name: "", uuid: "a75816a7-1819-49ea-98ef-ce444659a7bc" };
  assertEquals(checksum(loneArbiter, members()), 2_399n);
  const both = members(saying(loneArbiter, 0n, lone));
  assertEquals(checksum(lone, both), 14_950n);
});

Deno.test("every node that sees the same legion has the same checksum", () => {
  const voter = fc.record({
    valor: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    name: fc.string(),
    uuid: fc.uuid(),
  });
  const legion = fc.uniqueArray(voter, { minLength: 1, selector: ({ uuid }) => uuid });
  fc.assert(fc.property(legion, (voters) => {
    const views = voters.map((self) => {
      const others = voters.filter((other) => other !== self);
      return checksum(self, members(...others.map((other) => saying(other, 0n, self))));
    });
    assertEquals(new Set(views).size, 1);
    const choices = voters.map((self) => candidate(self, voters));
    assertEquals(new Set(choices.filter(({ valor }) => valor > 0)).size <= 1, true);
  }));
});

Deno.test("the candidate is the highest valor, then the higher uuid", () => {
  assertEquals(candidate(a, [b]), a);
  assertEquals(candidate(b, [a]), a);
  const twin = { ...a, uuid: "c".repeat(36) };
  assertEquals(candidate(a, [twin]), twin);
  assertEquals(candidate(twin, [a]), twin);
});

Deno.test("an arbiter is never the candidate of anybody but itself", () => {
  assertEquals(candidate(arbiter, [b]), b);
  assertEquals(candidate(b, [arbiter]), b);
  assertEquals(candidate(arbiter, []), arbiter);
  assertEquals(candidate(arbiter, [{ ...arbiter, uuid: noUuid }]), arbiter);
  assertEquals(candidate({ ...arbiter, uuid: noUuid }, [arbiter]).uuid, noUuid);
});

Deno.test("votes count when all agree, and not at all when one does not", () => {
  const view = digest(a) + digest(b) + digest(arbiter);
  const agreeing = saying(b, view, a);
  assertEquals(votes(view, a, []), 1);
  assertEquals(votes(view, a, members(agreeing, saying(arbiter, view, a))), 3);
  assertEquals(votes(view, a, members(agreeing, saying(arbiter, view + 1n, a))), 0);
  assertEquals(votes(view, a, members(agreeing, saying(arbiter, view, b))), 0);
  const otherValor = saying(arbiter, view, { ...a, valor: 31 });
  assertEquals(votes(view, a, members(agreeing, otherValor)), 0);
});
