// LEASE.md, rule 11: the reasons for which a node stands back.
import { assertEquals } from "@std/assert";
import { beginningOf } from "../../lib/legion/beginning.ts";
import { forgotten, type Past } from "../../lib/legion/notes.ts";
import type { LegionOptions } from "../../lib/legion/options.ts";
import type { Reason } from "../../lib/legion/reason.ts";
import { reasonsText } from "../../lib/legion/reason.ts";
import { Standing, type StandingSituation } from "../../lib/legion/standing.ts";
import { legionOptions } from "./legion_options.ts";
import { noted } from "./noted.ts";
import { lordSaying } from "./lord_saying.ts";

const T = 3_000;
const unfit: Reason = { kind: "unfit", why: "check http fails: status 503" };
const drained: Reason = { kind: "drained", why: "drained by ann" };
const refused: Reason = { kind: "refused", why: "the account refuses the login" };

/** A node of valor 30 that began at 0; it stands back for 10 s after a failed hook. */
function standingOf(changed: Partial<LegionOptions> = {}, past: Past = forgotten) {
  const options = legionOptions({
    deathOnLordErrorMs: 10_000,
    flap: { count: 1, withinMs: 60_000 },
    ...changed,
  });
  const standing = new Standing(options);
  const own = { valor: 30, uuid: "s".repeat(36) };
  standing.begin(beginningOf(past, options, { ...own, name: options.name }, 0), 0);
  const reasons = (nowMs: number, of: Partial<StandingSituation> = {}) =>
    standing.reasons({ own, isQuorate: true, isComplete: false, lordship: "none", nowMs, ...of });
  const kinds = (nowMs: number, of: Partial<StandingSituation> = {}) =>
    reasons(nowMs, of).map(({ kind }) => kind);
  /** Has another lord, of lower rank, at a time. */
  const another = (nowMs: number) => ({ lord: lordSaying({ valor: 20, heardMs: nowMs }) });
  /** Loses the title once, by a check that fails. */
  const lose = (nowMs: number, why = unfit) => {
    standing.isLord();
    standing.tell([why]);
    reasons(nowMs, { lordship: "lord" });
    standing.gaveUp(nowMs);
    standing.tell([]);
  };
  /** Loses the title since fewer than a quorum support it. */
  const loseQuorum = (nowMs: number) => {
    standing.isLord();
    standing.lostQuorum(nowMs);
  };
  return { standing, options, reasons, kinds, another, lose, loseQuorum };
}

Deno.test("rule 11: a node stands when nothing keeps it from being lord", () => {
  const { standing, reasons } = standingOf();
  assertEquals([reasons(0), reasons(100_000)], [[], []]);
  assertEquals(standing.dueMs(0), Infinity);
});

Deno.test("rule 11: it stands back for each reason that the node has, and for as long", () => {
  const { standing, reasons } = standingOf();
  for (const told of [[unfit], [drained], [refused], [drained, unfit, refused]]) {
    standing.tell(told);
    assertEquals([reasons(0), reasons(1_000_000)], [told, told]);
  }
  standing.tell([]);
  assertEquals(reasons(1_000_000), []);
});

Deno.test("rule 11: it stands back while its own address is not known", () => {
  const { standing, options, kinds } = standingOf({ node: undefined });
  assertEquals([kinds(0), kinds(1_000_000)], [["no address"], ["no address"]]);
  standing.reconfigure({ ...options, node: "self:2000" });
  assertEquals(kinds(1_000_000), []);
});

Deno.test("on the wire: without a list, or with legion-lease off, it needs no own address", () => {
  assertEquals(standingOf({ node: undefined, voters: [] }).kinds(0), []);
  assertEquals(standingOf({ node: undefined, lease: "off" }).kinds(0), []);
});

Deno.test("rule 11: it stands back for legion-death-on-lord-error after a failed hook", () => {
  const { standing, reasons, kinds } = standingOf();
  standing.hookFailed(1_000);
  assertEquals(reasons(1_000), [
    { kind: "hook failed", why: "a lord hook failed", untilMs: 11_000 },
  ]);
  assertEquals(standing.dueMs(5_000), 11_000);
  assertEquals([kinds(10_999), kinds(11_000)], [["hook failed"], []]);
});

Deno.test("rule 11: after a failed hook it takes the title from nobody until it was lord once", () => {
  const { standing, kinds, another } = standingOf();
  standing.hookFailed(1_000);
  assertEquals(kinds(10_000, another(10_000)), ["hook failed"]);
  assertEquals(kinds(11_000, another(11_000)), ["holding back"]);
  assertEquals(kinds(900_000, another(900_000)), ["holding back"]);
  // The lord has gone, and this node takes over: it holds nothing back meanwhile.
  assertEquals(kinds(910_000), []);
  assertEquals(kinds(911_000, { lordship: "taking over", ...another(911_000) }), []);
  standing.isLord();
  assertEquals(kinds(912_000, another(912_000)), []);
});

Deno.test("rule 11: a node that stands back for another reason does not hold back besides", () => {
  const { standing, kinds, another } = standingOf({ failback: { kind: "manual" } });
  assertEquals(kinds(0, another(0)), ["holding back"]);
  standing.tell([unfit]);
  assertEquals(kinds(1_000, another(1_000)), ["unfit"]);
  standing.tell([]);
  assertEquals(kinds(2_000, another(2_000)), ["holding back"]);
});

Deno.test("rule 11: a lord holds nothing back, whoever else is lord", () => {
  const { kinds, another } = standingOf({ failback: { kind: "manual" } });
  for (const lordship of ["lord", "taking over"] as const) {
    assertEquals(kinds(1_000, { lordship, ...another(1_000) }), []);
  }
  assertEquals(kinds(1_000, { lordship: "releasing", ...another(1_000) }), ["holding back"]);
});

Deno.test("rule 11: one that loses the title too often by its checks stands back for flapping", () => {
  const { reasons, kinds, another, lose } = standingOf();
  lose(1_000);
  assertEquals(kinds(1_000), []);
  lose(5_000);
  assertEquals(reasons(5_000, another(5_000)), [{
    kind: "flapping",
    why: "it lost the title more than 1 times within 60 s",
    untilMs: 61_000,
  }]);
  assertEquals(kinds(60_999, another(60_999)), ["flapping"]);
  assertEquals(kinds(61_000, another(61_000)), []);
});

Deno.test("rule 11: a title that is given up as planned, or refused, is no flapping", () => {
  for (const told of [[drained], [refused], [drained, unfit]]) {
    const { standing, kinds, another } = standingOf({ flap: { count: 0, withinMs: 60_000 } });
    standing.isLord();
    standing.tell(told);
    standing.gaveUp(1_000);
    standing.tell([]);
    assertEquals(kinds(1_000, another(1_000)), []);
  }
});

Deno.test("rule 11: a hook that failed is no flapping", () => {
  const { standing, kinds, another } = standingOf({ flap: { count: 0, withinMs: 60_000 } });
  standing.hookFailed(1_000);
  standing.isLord();
  assertEquals(kinds(20_000, another(20_000)), []);
});

Deno.test("rule 11: a quorum that a lord loses counts once another is lord", () => {
  const { kinds, another, loseQuorum } = standingOf({ flap: { count: 0, withinMs: 60_000 } });
  loseQuorum(1_000);
  assertEquals([kinds(1_000), kinds(2_000)], [[], []]);
  // A claim is no lordship yet.
  const claimant = lordSaying({ valor: 20, lord: 0, claim: true, heardMs: 3_000 });
  assertEquals(kinds(3_000, { lord: claimant }), []);
  assertEquals(kinds(4_000, another(4_000)), ["flapping"]);
  assertEquals(kinds(60_999, another(60_999)), ["flapping"]);
  assertEquals(kinds(61_000, another(61_000)), []);
});

Deno.test("rule 11: a quorum lost while nobody else was lord, as when all links fail, does not count", () => {
  const { standing, kinds, another, loseQuorum } = standingOf({
    flap: { count: 0, withinMs: 60_000 },
  });
  for (const lostMs of [1_000, 5_000, 9_000]) {
    loseQuorum(lostMs);
    assertEquals(kinds(lostMs + 100), []);
    standing.isLord();
    assertEquals(kinds(lostMs + 200, { lordship: "lord" }), []);
  }
  // The next lord has not been lord while this one was without a quorum.
  assertEquals(kinds(20_000, another(20_000)), []);
});

Deno.test("rule 11: the word of a lord from before the loss does not count", () => {
  const { kinds, another, loseQuorum } = standingOf({ flap: { count: 0, withinMs: 60_000 } });
  loseQuorum(1_000);
  assertEquals(kinds(1_500, another(900)), []);
  assertEquals(kinds(1_600, another(1_600)), ["flapping"]);
});

Deno.test("rule 11: one that flaps stands after 3T without a lord, and its count begins anew", () => {
  const { standing, kinds, another, lose } = standingOf();
  lose(1_000);
  lose(5_000);
  assertEquals(kinds(6_000, another(6_000)), ["flapping"]);
  assertEquals(standing.dueMs(6_000), 6_000 + 3 * T);
  assertEquals(kinds(6_000 + 3 * T - 1), ["flapping"]);
  assertEquals(kinds(6_000 + 3 * T), []);
  assertEquals(kinds(20_000, another(20_000)), []);
  lose(21_000);
  assertEquals(kinds(21_000, another(21_000)), []);
  lose(22_000);
  assertEquals(kinds(22_000, another(22_000)), ["flapping"]);
});

Deno.test("rule 11: to lose the title with a leader that others elect is no flapping", () => {
  const { kinds, another, lose } = standingOf();
  const notLeader: Reason = { kind: "not leader", why: "check patroni fails: 503" };
  for (const nowMs of [1_000, 5_000, 9_000]) lose(nowMs, notLeader);
  assertEquals(kinds(10_000, another(10_000)), []);
});

Deno.test("rule 11: one that flaps and is unfit besides keeps its count", () => {
  const { standing, kinds, another, lose } = standingOf();
  lose(1_000);
  lose(5_000);
  standing.tell([unfit]);
  assertEquals(kinds(6_000, another(6_000)), ["unfit", "flapping"]);
  assertEquals(kinds(30_000), ["unfit", "flapping"]);
  standing.tell([]);
  assertEquals(kinds(30_001, another(30_001)), ["flapping"]);
});

Deno.test("rule 11: another limit counts from the reload on", () => {
  const { standing, options, kinds, another, lose } = standingOf();
  lose(1_000);
  lose(5_000);
  standing.reconfigure({ ...options, flap: { count: 2, withinMs: 60_000 } });
  assertEquals(kinds(6_000, another(6_000)), []);
});

Deno.test("reasons are told in words, with the time that is left where it is known", () => {
  assertEquals(reasonsText([], 0), "");
  const failed: Reason = { kind: "hook failed", why: "a lord hook failed", untilMs: 10_500 };
  assertEquals(
    reasonsText([unfit, failed], 500),
    "check http fails: status 503; a lord hook failed, for 10.0 s more",
  );
});

Deno.test("rule 11: a lord's crash counts as flapping, a stop does not", () => {
  const lost = (end?: "restart" | "leave") => {
    const notes = { ...noted({ lordship: "lord" }), lostMs: [-1_000], end };
    return standingOf({}, { kind: "noted", notes }).kinds(0, { lordship: "taking over" });
  };
  assertEquals([lost(), lost("restart"), lost("leave")], [["flapping"], [], []]);
});

Deno.test("rule 12: what is noted of a standing comes back with the next process", () => {
  const before = standingOf();
  before.standing.hookFailed(5_000);
  before.lose(6_000);
  const notes = { ...noted({}), ...before.standing.noted };
  const { standing, kinds } = standingOf({}, {
    kind: "noted",
    notes: { ...notes, end: "restart" },
  });
  assertEquals(standing.noted, before.standing.noted);
  assertEquals(kinds(14_999), ["hook failed"]);
  const anew = standingOf({}, { kind: "noted", notes: { ...notes, end: "leave" } });
  assertEquals(anew.kinds(14_999), []);
});
