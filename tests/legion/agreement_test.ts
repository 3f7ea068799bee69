import { assertEquals } from "@std/assert";
import { Agreement } from "../../lib/legion/agreement.ts";
import { candidate, checksum } from "../../lib/legion/election.ts";
import { Membership } from "../../lib/legion/membership.ts";
import { votersAmong } from "../../lib/legion/voters.ts";
import { announcement } from "./announcement.ts";
import { legionOptions } from "./legion_options.ts";

const self = { valor: 30, name: "self", uuid: "s".repeat(36) };
const names = ["a", "b"];
const voter = (name: string) => ({ valor: 20, name, uuid: name.repeat(36) });

/** This node and two members, each with what it voted last. */
function setUp({ lastsMs }: { lastsMs: number }) {
  const rule = new Agreement({ quorum: 2, lastsMs });
  const members = new Membership();
  for (const name of names) {
    members.hear(announcement(voter(name)), "", { monotonicMs: 0, wallMs: 0 });
  }
  const view = checksum(self, members);
  /** A member votes for this node, or for another. */
  const vote = (name: string, heardMs: number, choice = self, seen = view) => {
    const said = { checksum: seen, lordValor: choice.valor, lordUuid: choice.uuid };
    members.hear(announcement({ ...voter(name), ...said }), "", {
      monotonicMs: heardMs,
      wallMs: 0,
    });
  };
  const situation = (nowMs: number) => ({
    self,
    members,
    voters: votersAmong(members, legionOptions()),
    checksum: checksum(self, members),
    best: candidate(self, members),
    nowMs,
  });
  return { rule, members, vote, situation };
}

Deno.test("elected is the candidate when all have the same view and vote", () => {
  const { rule, vote, situation } = setUp({ lastsMs: 10_000 });
  vote("a", 0);
  assertEquals([rule.elected(situation(0)), rule.votes(situation(0))], [undefined, 0]);
  vote("b", 0);
  assertEquals([rule.elected(situation(0)), rule.votes(situation(0))], [self, 3]);
  vote("b", 0, self, 1n);
  assertEquals(rule.elected(situation(0)), undefined);
});

Deno.test("a lord stays while a quorum has agreed with it within T, and not a moment longer", () => {
  const { rule, vote, situation } = setUp({ lastsMs: 10_000 });
  vote("a", 1_000);
  vote("b", 3_000);
  rule.note(situation(3_000));
  assertEquals(rule.endsMs, 13_000);
  // From here on they are heard, and differ.
  vote("a", 9_000, voter("a"));
  vote("b", 9_000, voter("b"));
  rule.note(situation(9_000));
  assertEquals(rule.endsMs, 13_000);
  assertEquals(rule.mustRelease(situation(12_999)), undefined);
  assertEquals(
    rule.mustRelease(situation(13_000))?.why,
    "fewer than 2 have agreed with it for 10 s",
  );
});

Deno.test("as in uWSGI a vote counts for as long as its node is a member", () => {
  const { rule, members, vote, situation } = setUp({ lastsMs: Infinity });
  vote("a", 0);
  vote("b", 0);
  rule.note(situation(0));
  assertEquals([rule.endsMs, rule.mustRelease(situation(1e9))], [Infinity, undefined]);
  members.expire(0, 0);
  assertEquals(rule.mustRelease(situation(1e9))?.why, "1 present, 2 needed");
});

Deno.test("a lord makes way for whoever is elected instead", () => {
  const { rule, members, vote, situation } = setUp({ lastsMs: 10_000 });
  const higher = { valor: 40, name: "h", uuid: "h".repeat(36) };
  members.hear(announcement(higher), "", { monotonicMs: 0, wallMs: 0 });
  const view = checksum(self, members);
  for (const name of names) vote(name, 0, higher, view);
  const own = { checksum: view, lordValor: higher.valor, lordUuid: higher.uuid };
  members.hear(announcement({ ...higher, ...own }), "", { monotonicMs: 0, wallMs: 0 });
  rule.note(situation(0));
  assertEquals(rule.mustRelease(situation(0)), { why: "h is elected", isPlanned: true });
});

Deno.test("whoever has left has agreed to nothing any more", () => {
  const { rule, members, vote, situation } = setUp({ lastsMs: 10_000 });
  vote("a", 0);
  vote("b", 0);
  rule.note(situation(0));
  members.expire(0, 0);
  rule.note(situation(0));
  assertEquals(rule.endsMs, -Infinity);
});
