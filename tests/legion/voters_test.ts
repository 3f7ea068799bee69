// LEASE.md, rule 2: a voter is known by its node, and counts while one uuid speaks for it.
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Announcement } from "../../lib/legion/announcement.ts";
import { Membership } from "../../lib/legion/membership.ts";
import { type VoterOptions, votersAmong } from "../../lib/legion/voters.ts";
import { announcement, voterSays } from "./announcement.ts";
import { legionOptions } from "./legion_options.ts";
import { addressOf } from "./world.ts";

/** The bits of the list a, b, self. */
const [bitA, bitB, bitSelf] = [1n, 2n, 4n];

function votersOf(said: readonly Announcement[], changed: Partial<VoterOptions> = {}) {
  const members = new Membership();
  for (const each of said) members.hear(each, addressOf(each.name), { monotonicMs: 0, wallMs: 0 });
  const voters = votersAmong(members, legionOptions(changed));
  const names = [...voters.members.values()].map(({ name }) => name);
  return { ...voters, names };
}

Deno.test("rule 2: a member is a voter if its node is listed, wherever it is heard from", () => {
  const { names, members, present } = votersOf([
    voterSays("a", { name: "renamed" }),
    voterSays("x"),
    voterSays("y", { node: "" }),
  ]);
  assertEquals([names, [...members.keys()], present], [["renamed"], ["a:2000"], 2]);
});

Deno.test("rule 1: a member that counts no seq is no voter, whatever node it says it is", () => {
  const uwsgi = announcement({ name: "u", uuid: "u".repeat(36) });
  const { names, hears } = votersOf([uwsgi, voterSays("a", { seq: 0 })]);
  assertEquals([names, hears], [[], bitSelf]);
});

Deno.test("rule 2: while two uuids speak for one node neither counts, and both are named", () => {
  const { names, rivals, present, hears } = votersOf([
    voterSays("a"),
    voterSays("twin", { node: addressOf("a") }),
    voterSays("b"),
  ]);
  assertEquals([names, present], [["b"], 2]);
  assertEquals(rivals, [{ node: "a:2000", names: ["a", "twin"] }]);
  // Somebody is there all the same.
  assertEquals(hears, bitA | bitB | bitSelf);
});

Deno.test("rule 2: while another speaks for this node, this one does not count either", () => {
  const voters = votersOf([
    voterSays("twin", { node: addressOf("self") }),
    voterSays("a"),
    voterSays("b"),
  ]);
  assertEquals([voters.names, voters.present], [["a", "b"], 2]);
  assertEquals(voters.rivals, [{ node: "self:2000", names: ["self", "twin"] }]);
  assertEquals([voters.countsSelf, voters.standsSelf], [false, false]);
});

Deno.test("on the wire: as long as its own entry is not known, a node is no voter", () => {
  // Not known yet; or known, and not on the list.
  for (const node of [undefined, addressOf("x")]) {
    const voters = votersOf([voterSays("a"), voterSays("b")], { node });
    assertEquals([voters.countsSelf, voters.standsSelf, voters.present], [false, false, 2]);
    assertEquals(voters.hears, bitA | bitB);
    // Nobody can say that it hears a node that has no bit.
    const said = voterSays("a", { hears: bitA | bitB | bitSelf });
    assertEquals(voters.hearsSelf(said), false);
  }
});

Deno.test("rule 9: a node says whom it hears, itself among them", () => {
  assertEquals(votersOf([]).hears, bitSelf);
  assertEquals(votersOf([voterSays("b")]).hears, bitB | bitSelf);
  assertEquals(votersOf([voterSays("a"), voterSays("b"), voterSays("x")]).hears, 7n);
});

Deno.test("rule 9: a node is heard where its bit is set, and where nothing else is known", () => {
  const { hearsSelf } = votersOf([]);
  assertEquals(hearsSelf(voterSays("a", { hears: bitA | bitSelf })), true);
  assertEquals(hearsSelf(voterSays("a", { hears: bitA | bitB })), false);
  assertEquals(hearsSelf(voterSays("a", { hears: 0n })), false);
  assertEquals(hearsSelf(voterSays("a", { hears: undefined })), true);
  // The bits of another list mean other nodes.
  assertEquals(hearsSelf(voterSays("a", { hears: 0n, config: "0badf00d" })), true);
});

Deno.test("rule 9: a node stands while it and q - 1 other voters hear one another", () => {
  const stands = (quorum: number, ...said: Announcement[]) => votersOf(said, { quorum }).standsSelf;
  const deaf = (name: string) => voterSays(name, { hears: bitA });
  const [a, b] = [voterSays("a"), voterSays("b")];
  assertEquals([stands(0), stands(1), stands(2)], [true, true, false]);
  assertEquals([stands(2, a), stands(3, a)], [true, false]);
  assertEquals([stands(3, a, b), stands(4, a, b)], [true, false]);
  assertEquals([stands(2, deaf("a")), stands(2, deaf("a"), deaf("b"))], [false, false]);
  assertEquals([stands(2, deaf("a"), b), stands(2, voterSays("x"))], [true, false]);
  // The bits of another list mean other nodes.
  assertEquals(stands(2, { ...deaf("a"), config: "0badf00d" }), true);
});

/** The names of many nodes, in the order of the list. */
const namesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `n${`${index}`.padStart(3, "0")}`);

Deno.test("rule 9: nodes of a list of up to 64 tell whom they hear, those of longer ones do not", () => {
  for (const [count, hears] of [[64, (1n << 63n) | 1n], [65, undefined]] as const) {
    const names = namesOf(count);
    const voters = votersOf([voterSays(names[63])], {
      voters: names.map(addressOf),
      node: addressOf(names[0]),
      quorum: 2,
    });
    assertEquals([voters.names, voters.hears], [[names[63]], hears]);
    assertEquals([voters.hearsSelf(voterSays(names[63])), voters.standsSelf], [true, true]);
  }
});

Deno.test("rule 2: whoever speaks, no node counts twice, and present are those that count", () => {
  const name = fc.constantFrom("a", "b", "self", "x");
  const speaker = fc.record({ node: name, uuid: fc.constantFrom("1", "2", "3"), seq: fc.nat(1) });
  fc.assert(fc.property(fc.array(speaker, { maxLength: 8 }), (speakers) => {
    const said = speakers.map(({ node, uuid, seq }) =>
      voterSays(node, { name: `${node}${uuid}`, uuid: `${node}${uuid}`.padEnd(36), seq })
    );
    const voters = votersOf(said);
    const counted = new Map<string, Set<string>>();
    // Of each uuid the last word counts.
    for (const { node, uuid, seq } of new Map(said.map((each) => [each.uuid, each])).values()) {
      if (seq > 0) counted.set(node, (counted.get(node) ?? new Set()).add(uuid));
    }
    const only = ["a:2000", "b:2000"].filter((node) => counted.get(node)?.size === 1);
    assertEquals([...voters.members.keys()], only);
    const isDoubled = counted.has("self:2000");
    assertEquals(voters.countsSelf, !isDoubled);
    assertEquals(voters.present, only.length + (isDoubled ? 0 : 1));
  }));
});
