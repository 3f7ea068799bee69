import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Announcement } from "../../lib/legion/announcement.ts";
import { digest } from "../../lib/legion/election.ts";
import { Membership } from "../../lib/legion/membership.ts";
import { announcement } from "./announcement.ts";

Deno.test("a peer is known by its valor, name and uuid, and by nothing else", () => {
  const members = new Membership();
  members.hear(announcement({}), "here", { monotonicMs: 1, wallMs: 1 });
  assertEquals(members.has(announcement({ pid: 2, scroll: "x", unix: 9 })), true);
  assertEquals(members.has(announcement({ valor: 11 })), false);
  assertEquals(members.has(announcement({ name: "b" })), false);
  assertEquals(members.has(announcement({ uuid: "b".repeat(36) })), false);
});

Deno.test("a name cannot be made to look like another peer's valor", () => {
  const members = new Membership();
  members.hear(announcement({ valor: 1, name: "2 x" }), "here", { monotonicMs: 1, wallMs: 1 });
  assertEquals(members.has(announcement({ valor: 12, name: " x" })), false);
});

Deno.test("the last announcement counts, and when and whence it came", () => {
  const members = new Membership();
  members.hear(announcement({ checksum: 1n }), "here", { monotonicMs: 1, wallMs: 100 });
  members.hear(announcement({ checksum: 2n }), "there", { monotonicMs: 5, wallMs: 105 });
  const [member] = members;
  assertEquals(members.size, 1);
  assertEquals(
    [member.said.checksum, member.from, member.heardMs, member.heardWallMs],
    [2n, "there", 5, 105],
  );
});

Deno.test("rule 12: a lord that claims again after a restart has the title all along", () => {
  const members = new Membership();
  const said = [{ lord: 0, claim: true }, { lord: 5 }, { lord: 0, claim: true }, { lord: 9 }, {
    lord: 0,
  }, { lord: 0, claim: true }];
  const since = said.map((each) => {
    members.hear(announcement(each), "", { monotonicMs: 0, wallMs: 0 });
    return [...members][0].lordSince;
  });
  assertEquals(since, [0, 5, 5, 9, 0, 0]);
});

Deno.test("silent members are removed at the moment given, the others stay", () => {
  const members = new Membership();
  members.hear(announcement({ name: "early" }), "", { monotonicMs: 1000, wallMs: 0 });
  members.hear(announcement({ name: "late" }), "", { monotonicMs: 2000, wallMs: 0 });
  assertEquals(members.quietestMs, 1000);
  assertEquals(members.expire(1998, 999), []);
  assertEquals(members.expire(1999, 999).map(({ name }) => name), ["early"]);
  assertEquals([...members].map(({ name }) => name), ["late"]);
});

Deno.test("only a member can be removed, and once", () => {
  const members = new Membership();
  assertEquals(members.remove(announcement({})), undefined);
  members.hear(announcement({}), "", { monotonicMs: 1, wallMs: 1 });
  assertEquals(members.remove(announcement({ dead: true }))?.name, "a");
  assertEquals(members.remove(announcement({ dead: true })), undefined);
  assertEquals([members.size, members.quietestMs], [0, Infinity]);
});

Deno.test("the digest that is kept is the one that would be counted anew", () => {
  const peer = fc.record({
    valor: fc.integer({ min: 0, max: 3 }),
    name: fc.constantFrom("a", "b"),
    uuid: fc.constantFrom("a".repeat(36), "z".repeat(36)),
  });
  const step = fc.tuple(fc.constantFrom("hear", "remove", "expire"), peer);
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const members = new Membership();
    for (const [nowMs, [what, changed]] of steps.entries()) {
      if (what === "hear") {
        members.hear(announcement(changed), "", { monotonicMs: nowMs, wallMs: 0 });
      }
      if (what === "remove") members.remove(announcement(changed));
      if (what === "expire") members.expire(nowMs, 4);
      assertEquals(members.digest, [...members].reduce((sum, each) => sum + digest(each), 0n));
    }
  }));
});

Deno.test("it knows whether a member counts no seq, whoever came, changed or went", () => {
  const members = new Membership();
  const name = () => members.seqless?.name;
  members.hear(announcement({ name: "ours", seq: 1 }), "", { monotonicMs: 1, wallMs: 0 });
  assertEquals(name(), undefined);
  members.hear(announcement({ name: "u" }), "", { monotonicMs: 2, wallMs: 0 });
  members.hear(announcement({ name: "v" }), "", { monotonicMs: 3, wallMs: 0 });
  assertEquals(name(), "u");
  members.remove(announcement({ name: "u" }));
  assertEquals(name(), "v");
  members.hear(announcement({ name: "v", seq: 1 }), "", { monotonicMs: 4, wallMs: 0 });
  assertEquals(name(), undefined);
  members.hear(announcement({ name: "w" }), "", { monotonicMs: 5, wallMs: 0 });
  members.expire(5, 0);
  assertEquals([name(), members.size], [undefined, 0]);
});

Deno.test("at the time that is told for the next silence, a member that was silent is gone", () => {
  const time = fc.double({ min: 0, max: 1e7, noNaN: true });
  fc.assert(fc.property(time, fc.constantFrom(300, 3_000, 15_000), (heardMs, toleranceMs) => {
    const members = new Membership();
    members.hear(announcement({}), "", { monotonicMs: heardMs, wallMs: 0 });
    assertEquals(members.expire(members.quietestMs + toleranceMs, toleranceMs).length, 1);
  }));
});

Deno.test("however often a member is heard, none is dropped too early or kept too long", () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c"),
    passedMs: fc.integer({ min: 0, max: 4 }),
    expires: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const members = new Membership();
    const heard = new Map<string, number>();
    let nowMs = 0;
    for (const { name, passedMs, expires } of steps) {
      nowMs += passedMs;
      members.hear(announcement({ name }), "", { monotonicMs: nowMs, wallMs: 0 });
      heard.set(name, nowMs);
      if (!expires) continue;
      nowMs += 5;
      const silent = [...heard].filter(([, heardMs]) => heardMs + 7 <= nowMs).map(([name]) => name);
      for (const name of silent) heard.delete(name);
      assertEquals(members.expire(nowMs, 7).map(({ name }) => name).sort(), silent.sort());
      assertEquals(members.quietestMs + 7 > nowMs, true);
    }
  }));
});

Deno.test("the revision is another when a member comes, goes or says something else, and only then", () => {
  const members = new Membership();
  const changes = (act: () => void) => {
    const before = members.revision;
    act();
    return members.revision !== before;
  };
  const hear = (changed: Partial<Announcement>, from = "here") => () =>
    members.hear(announcement({ seq: 1, ...changed }), from, { monotonicMs: 1, wallMs: 1 });
  assertEquals(changes(hear({})), true);
  assertEquals(changes(hear({ seq: 2, unix: 9, scroll: "x" })), false);
  const other = "b".repeat(36);
  const news: Partial<Announcement>[] = [
    { checksum: 1n },
    { lordValor: 1 },
    { lordUuid: other },
    { lord: 1 },
    { claim: true },
    { support: { uuid: other, seq: 1 } },
    { seq: 0 },
    { binds: 3_000 },
    { node: "a:2000" },
    { config: "0badf00d" },
    { hears: 1n },
  ];
  for (const each of news) {
    assertEquals([changes(hear(each)), changes(hear(each))], [true, false], Object.keys(each)[0]);
    hear({})();
  }
  assertEquals(changes(hear({}, "there")), true);
  assertEquals(changes(hear({ support: undefined }, "there")), false);
  assertEquals(changes(() => members.expire(0, 1)), false);
  assertEquals(changes(() => members.expire(2, 1)), true);
});
