import { assertEquals } from "@std/assert";
import { Membership } from "../../lib/legion/membership.ts";
import { announcement } from "./announcement.ts";

Deno.test("a peer is known by its valor, name and uuid, and by nothing else", () => {
  const members = new Membership();
  members.hear(announcement({}), "here", 1, 1);
  assertEquals(members.has(announcement({ pid: 2, scroll: "x", unix: 9 })), true);
  assertEquals(members.has(announcement({ valor: 11 })), false);
  assertEquals(members.has(announcement({ name: "b" })), false);
  assertEquals(members.has(announcement({ uuid: "b".repeat(36) })), false);
});

Deno.test("a name cannot be made to look like another peer's valor", () => {
  const members = new Membership();
  members.hear(announcement({ valor: 1, name: "2 x" }), "here", 1, 1);
  assertEquals(members.has(announcement({ valor: 12, name: " x" })), false);
});

Deno.test("the last announcement counts, and when and whence it came", () => {
  const members = new Membership();
  members.hear(announcement({ checksum: 1n }), "here", 1, 100);
  members.hear(announcement({ checksum: 2n }), "there", 5, 105);
  const [member] = members;
  assertEquals(members.size, 1);
  assertEquals(
    [member.said.checksum, member.from, member.heardMs, member.heardWallMs],
    [2n, "there", 5, 105],
  );
});

Deno.test("silent members are removed at the moment given, the others stay", () => {
  const members = new Membership();
  members.hear(announcement({ name: "early" }), "", 1000, 0);
  members.hear(announcement({ name: "late" }), "", 2000, 0);
  assertEquals(members.quietestMs, 1000);
  assertEquals(members.expire(999), []);
  assertEquals(members.expire(1000).map(({ name }) => name), ["early"]);
  assertEquals([...members].map(({ name }) => name), ["late"]);
});

Deno.test("only a member can be removed, and once", () => {
  const members = new Membership();
  assertEquals(members.remove(announcement({})), undefined);
  members.hear(announcement({}), "", 1, 1);
  assertEquals(members.remove(announcement({ dead: true }))?.name, "a");
  assertEquals(members.remove(announcement({ dead: true })), undefined);
  assertEquals([members.size, members.quietestMs], [0, Infinity]);
});
