// LEASE.md, rules 1, 2 and 9: the look through all members that everything rests on.
import { assertEquals } from "@std/assert";
import type { Announcement } from "../../lib/legion/announcement.ts";
import { Membership } from "../../lib/legion/membership.ts";
import type { LegionOptions } from "../../lib/legion/options.ts";
import { survey } from "../../lib/legion/survey.ts";
import { announcement, voterSays } from "./announcement.ts";
import { legionOptions } from "./legion_options.ts";
import { addressOf } from "./world.ts";

const T = 3_000;
const self = { valor: 20, name: "self", uuid: "s".repeat(36) };
const uwsgi = announcement({ name: "u", uuid: "u".repeat(36), valor: 50 });

/** A word of a node that supports itself and votes for itself, as one does that stands. */
const stands = (name: string, valor: number, changed: Partial<Announcement> = {}) => {
  const uuid = name.repeat(36);
  const support = { uuid, seq: 1 };
  return voterSays(name, { valor, lordValor: valor, lordUuid: uuid, support, ...changed });
};
/** A word of a node that still listens: it supports nobody. */
const listens = (name: string, valor: number, changed: Partial<Announcement> = {}) =>
  stands(name, valor, { support: undefined, ...changed });

/** Looks through members that were all heard at 1 s. */
function look(
  said: readonly Announcement[],
  {
    nowMs = 1_000,
    lordHeard = false,
    doubled = [],
    from = (said: Announcement) => addressOf(said.name),
    ...of
  }:
    & Partial<LegionOptions>
    & {
      nowMs?: number;
      lordHeard?: boolean;
      doubled?: string[];
      from?: (said: Announcement) => string;
    } = {},
) {
  const members = new Membership();
  for (const each of said) members.hear(each, from(each), { monotonicMs: 1_000, wallMs: 0 });
  return survey({ self, members, options: legionOptions(of), lordHeard, doubled, nowMs });
}

Deno.test("rule 9: the candidate is the highest that stands, and hears this node", () => {
  const best = (...said: Announcement[]) => look(said).best?.name;
  assertEquals(best(stands("a", 30), stands("b", 40)), "b");
  assertEquals(best(stands("a", 10)), "self");
  // A node that votes for none, or for a lower one, does not stand.
  assertEquals(best(stands("a", 30, { lordValor: 0, lordUuid: "\0".repeat(36) })), "self");
  assertEquals(best(stands("a", 30, { lordValor: 20, lordUuid: self.uuid })), "self");
  // A vote for a higher one does not tell that its giver does not stand.
  assertEquals(best(stands("a", 30, { lordValor: 40, lordUuid: "x".repeat(36) })), "a");
  // A candidate that hears b, and not this node, is passed over.
  assertEquals(best(stands("a", 30, { hears: 3n }), stands("b", 10)), "self");
  assertEquals(best(stands("a", 0), stands("b", 0)), "self");
});

Deno.test("rule 9: a node that does not stand is not its own candidate", () => {
  const best = (...said: Announcement[]) => look(said).best?.name;
  assertEquals(best(), undefined);
  assertEquals(best(stands("a", 30, { hears: 1n })), undefined);
  assertEquals(look([stands("a", 30)], { quorum: 3 }).best?.name, "a");
  // A lower one that stands may need its support.
  assertEquals(look([stands("a", 10)], { quorum: 3 }).best?.name, "a");
});

Deno.test("rule 9: one that listens is waited for up to 2T, and no longer once a lord was heard", () => {
  const said = [listens("a", 30), stands("b", 10)];
  const best = (nowMs: number, lordHeard = false) => look(said, { nowMs, lordHeard }).best?.name;
  assertEquals(look(said).untilMs, 1_000 + 2 * T);
  assertEquals([best(1_000), best(6_999), best(7_000)], ["a", "a", "self"]);
  assertEquals(look(said, { nowMs: 7_000 }).untilMs, Infinity);
  assertEquals(best(1_000, true), "self");
  assertEquals(look(said, { lordHeard: true }).untilMs, Infinity);
});

Deno.test("rule 9: a lord that is heard now is heard from now on", () => {
  const lord = stands("b", 10, { lord: 1 });
  const { lordHeard, best } = look([listens("a", 30), lord]);
  assertEquals([lordHeard, best?.name], [true, "self"]);
  assertEquals(look([listens("a", 30)]).lordHeard, false);
  assertEquals(look([listens("a", 30)], { lordHeard: true }).lordHeard, true);
  // To take over is not to be lord.
  assertEquals(look([stands("b", 10, { claim: true })]).lordHeard, false);
});

Deno.test("rule 2: a member whose node is not listed is no candidate, and no lord to be spared", () => {
  const { best, lord, present } = look([stands("x", 90, { lord: 1 }), stands("a", 10)]);
  assertEquals([best?.name, lord, present], ["self", undefined, 2]);
});

Deno.test("rule 2: of two that say they are one node neither is a candidate", () => {
  const twin = stands("t", 40, { node: "a:2000" });
  const { best, present } = look([stands("a", 30), twin, stands("b", 10)]);
  assertEquals([best?.name, present], ["self", 2]);
});

Deno.test("rule 2: a lord of another list or quorum that outranks this node is a stranger", () => {
  const other = { config: "0badf00d" };
  const stranger = (...said: Announcement[]) => look(said).stranger?.name;
  assertEquals(stranger(stands("x", 30, { ...other, lord: 1 })), "x");
  assertEquals(stranger(stands("a", 30, { ...other, lord: 1 })), "a");
  assertEquals(stranger(stands("x", 30, { ...other, claim: true })), "x");
  assertEquals(stranger(stands("x", 30, { config: "", lord: 1 })), "x");
  // Another list, and no lord; lower; the same list; uWSGI's, which has none.
  assertEquals(stranger(stands("x", 30, other)), undefined);
  assertEquals(stranger(stands("x", 10, { ...other, lord: 1 })), undefined);
  assertEquals(stranger(stands("x", 30, { lord: 1 })), undefined);
  assertEquals(stranger({ ...uwsgi, lord: 1 }), undefined);
  // The highest of several.
  const three = [30, 50, 40].map((valor, index) =>
    stands(["x", "y", "z"][index], valor, { ...other, lord: 1 })
  );
  assertEquals(stranger(...three), "y");
});

Deno.test("rule 2: a member that no entry of the list reaches is spoken to where it is heard", () => {
  const unlisted = (...said: Announcement[]) => look(said).unlisted;
  assertEquals(unlisted(stands("a", 30), stands("b", 10)), []);
  assertEquals(unlisted(stands("a", 30), stands("x", 10)), ["x:2000"]);
  assertEquals(unlisted(stands("x", 30, { node: "" })), ["x:2000"]);
  assertEquals(unlisted(uwsgi), ["u:2000"]);
});

Deno.test("rule 2: a listed node is reached by its entry, wherever it is heard from", () => {
  const from = () => "9.9.9.9:4711";
  assertEquals(look([stands("a", 30)], { from }).unlisted, []);
  // Several at one address are told once.
  assertEquals(look([stands("x", 30), stands("y", 30)], { from }).unlisted, ["9.9.9.9:4711"]);
});

Deno.test("rule 2: of two that say they are one node, the one that its entry does not reach is told", () => {
  const twin = stands("t", 40, { node: "a:2000" });
  assertEquals(look([stands("a", 30), twin]).unlisted, ["t:2000"]);
  const double = stands("t", 40, { node: "self:2000" });
  assertEquals(look([double]).unlisted, ["t:2000"]);
  // The other is silent, and may be alive.
  assertEquals(look([twin]).unlisted, []);
  assertEquals(look([twin], { doubled: ["a:2000"] }).unlisted, ["t:2000"]);
});

Deno.test("where no nodes are listed nobody is unlisted: the group is heard by all", () => {
  assertEquals(look([stands("a", 30), uwsgi], { voters: [] }).unlisted, []);
});

Deno.test("rule 1: with a member of uWSGI its rule decides, and members count instead of voters", () => {
  const said = [uwsgi, stands("a", 30), stands("x", 40, { lord: 1 })];
  const auto = look(said);
  assertEquals([auto.leased, auto.present, auto.best?.name, auto.lord?.name], [false, 4, "u", "x"]);
  const on = look(said, { lease: "on" });
  assertEquals([on.leased, on.present, on.best?.name, on.lord], [true, 2, "a", undefined]);
  assertEquals(look(said.slice(1), { lease: "off" }).leased, false);
  assertEquals(look(said.slice(1), { voters: [], lease: "on" }).leased, false);
});
