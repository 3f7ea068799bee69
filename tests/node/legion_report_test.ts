import { assertEquals } from "@std/assert";
import { type Announcement, noUuid } from "../../lib/legion/announcement.ts";
import type { Member } from "../../lib/legion/membership.ts";
import type { LegionView } from "../../lib/legion/view.ts";
import { Drops } from "../../lib/node/drops.ts";
import { LegionRecord } from "../../lib/node/legion_record.ts";
import { reportOf, type ReportSources, standingOf } from "../../lib/node/legion_report.ts";
import { announcement } from "../legion/announcement.ts";
import type { KeptSettings } from "../../lib/robot/provider.ts";
import { hook, legionConfig } from "./legion_config.ts";

const now = { monotonicMs: 100_000, wallMs: 1_000_000_000 };
const own = "a".repeat(36);
const others = "b".repeat(36);

/** A peer, from what it said last, half a second ago. */
function member(name: string, uuid: string, said: Partial<Announcement> = {}): Member {
  const last = announcement({ name, uuid, seq: 5, unix: 1_000_002, checksum: 7n, ...said });
  return {
    name,
    uuid,
    valor: last.valor,
    digest: 0n,
    said: last,
    heardMs: 99_500,
    heardWallMs: 999_999_500,
    lordSince: last.lord,
    joinedMs: 90_000,
    from: `${name}:2000`,
  };
}

const b = member("b", others);

/** A node that votes, with one peer. */
function view(changed: Partial<LegionView> = {}): LegionView {
  return {
    uuid: own,
    valor: 20,
    phase: "voting",
    lordship: "none",
    isResuming: false,
    lordSince: 0,
    lordUntilMs: -Infinity,
    checksum: 7n,
    present: 1 + (changed.members?.length ?? 1),
    votes: 0,
    guarantee: { kind: "lease", why: "", isPending: false, untilMs: Infinity },
    endsMs: -Infinity,
    listensUntilMs: -Infinity,
    phaseEndsMs: Infinity,
    reasons: [],
    leased: true,
    members: [b],
    rivals: [],
    doubles: [],
    sendersKnown: 1,
    ...changed,
  };
}

const self = { valor: 20, name: "a", uuid: own };
const lord: Partial<LegionView> = {
  lordship: "lord",
  lordSince: 999_000,
  lordUntilMs: 103_000,
  endsMs: 103_000,
  candidate: self,
  support: own,
};

function sources(changed: Partial<LegionView> = {}, more: Partial<ReportSources> = {}) {
  return {
    config: legionConfig({ valor: 20, quorum: 2 }),
    name: "a",
    view: view(changed),
    record: new LegionRecord({ name: "a", wallMs: () => now.wallMs, hooks: [] }),
    fitness: { checks: [] },
    drops: new Drops(),
    pace: { of: () => -12.5 },
    heard: new Set<string>(),
    roster: [],
    misplaced: [],
    now,
    ...more,
  };
}

function report(...given: Parameters<typeof sources>) {
  return reportOf(sources(...given));
}

const address = { host: "10.0.0.1", port: 2000 };
const nodes = ["10.0.0.1", "10.0.0.2", "10.0.0.3"].map((host) => ({ host, port: 2000 }));

Deno.test("never heard: the configured peers that were not, this node aside", () => {
  const config = legionConfig({ address, nodes });
  const heard = new Set(["10.0.0.2:2000"]);
  assertEquals(report({}, { config, heard }).never_heard, ["10.0.0.3:2000"]);
});

Deno.test("never heard: nobody of a group, whose address none speaks from, but listed nodes", () => {
  for (const [casting, host] of [["multicast", "239.0.0.1"], ["broadcast", "255.255.255.255"]]) {
    const group = { host, port: 2000 };
    const changed = { address: group, casting: casting as "multicast" | "broadcast" };
    const alone = report({}, { config: legionConfig({ ...changed, nodes: [group] }) });
    assertEquals([alone.never_heard, alone.nodes], [[], [`${host}:2000`]]);
    const listed = legionConfig({ ...changed, nodes: [group, ...nodes], node: "10.0.0.1:2000" });
    const heard = new Set(["10.0.0.2:2000"]);
    assertEquals(report({}, { config: listed, heard }).never_heard, ["10.0.0.3:2000"]);
  }
});

Deno.test("a lord that stops is lord until its death hooks have ended, or its lease", () => {
  const of = (changed: Partial<LegionView>) => {
    const { i_am_the_lord, lords, state } = report({ ...lord, ...changed });
    return [i_am_the_lord, lords, state];
  };
  assertEquals(of({}), [999_000, ["a"], "lord"]);
  const dying = { phase: "dying", lordUntilMs: -Infinity } as const;
  assertEquals(of(dying), [999_000, ["a"], "stopping"]);
  assertEquals(of({ ...dying, endsMs: 100_000 }), [0, [], "stopping"]);
  // Of one that was none others may be lord by the same lease.
  assertEquals(of({ ...dying, lordSince: 0, lordship: "none" }), [0, [], "stopping"]);
  assertEquals(of({ ...dying, phase: "leaving" }), [0, [], "stopping"]);
  assertEquals(of({ lordUntilMs: 100_000 })[0], 0);
});

Deno.test("a lease is told of by those who have it, for as long as it lasts", () => {
  const lasts = (changed: Partial<LegionView>) => report({ ...lord, ...changed }).lease_seconds;
  assertEquals(lasts({}), 3);
  assertEquals(lasts({ endsMs: 99_000 }), 0);
  assertEquals(lasts({ endsMs: Infinity }), 0);
  assertEquals(lasts({ support: others }), 0);
  // The lease may decide while no guarantee can be said.
  assertEquals(
    lasts({ guarantee: { kind: "none", why: "", isPending: true, untilMs: Infinity } }),
    3,
  );
  assertEquals(lasts({ leased: false }), 0);
});

Deno.test("what a member said is told, by the names of those it is about", () => {
  const said = { lordUuid: own, support: { uuid: others, seq: 1 }, lord: 9 };
  const members = [
    member("b", others, said),
    member("u", "u".repeat(36), { seq: 0, lordUuid: noUuid, unix: 999_998 }),
    member("c", "c".repeat(36), { lordUuid: "x".repeat(36) }),
  ];
  const told = report({ members }).members.map((m) => [m.name, m.kind, m.vote, m.supports, m.lord]);
  assertEquals(told, [
    ["b", "failover", "a", "b", 9],
    ["u", "uwsgi", "", "", 0],
    ["c", "failover", "x".repeat(36), "", 0],
  ]);
  const [
    { address, last_seen, heard_seconds_ago, clock_skew_seconds, checksum, clock_pace_percent },
  ] = report({
    members,
  }).members;
  assertEquals([address, last_seen, heard_seconds_ago], ["b:2000", 999_999, 0.5]);
  assertEquals([clock_skew_seconds, clock_pace_percent, checksum], [3, -12.5, 7]);
});

const unfit = { kind: "unfit", why: "check web fails" } as const;
const drained = { kind: "drained", why: "drained by eve", untilMs: 105_000 } as const;

const whys: [why: string, changed: Partial<LegionView>, more?: Partial<ReportSources>][] = [
  ["", lord],
  ["its setup hooks run", { phase: "setting up" }],
  ["it listens for 1.5 s more first", { phase: "listening", phaseEndsMs: 101_500 }],
  ["check web fails", { reasons: [unfit] }],
  ["drained by eve, until 1970-01-12T13:46:45Z; check web fails", { reasons: [drained, unfit] }],
  ["it is stopping", { phase: "leaving" }],
  ["its lord hooks run", { lordship: "taking over" }],
  [
    "it was started again, and fewer than 2 support it again yet",
    { lordship: "taking over", isResuming: true },
  ],
  ["its lease has run out", { ...lord, lordUntilMs: 99_000 }],
  ["its unlord hooks run", { lordship: "releasing", reasons: [unfit] }],
  ["no quorum: 1 present, 2 needed", { members: [] }],
  ["no quorum: 1 present, 2 needed; check web fails", { members: [], reasons: [unfit] }],
  [
    "it is an arbiter (valor 0)",
    { valor: 0 },
    { config: legionConfig({ valor: 0, quorum: 2 }) },
  ],
  ["b has a higher valor (30)", { candidate: { valor: 30, name: "b", uuid: others } }],
  ["b has the same valor, a higher uuid", { candidate: { valor: 20, name: "b", uuid: others } }],
  [
    "not all agree yet: b",
    { candidate: self, leased: false, members: [member("b", others)] },
  ],
  [
    "not all agree yet: c",
    {
      candidate: self,
      leased: false,
      members: [
        member("b", others, { lordUuid: own }),
        member("c", "c".repeat(36), { lordUuid: own, checksum: 8n }),
      ],
    },
  ],
  [
    "after its start it supports nobody for 3.0 s more",
    { candidate: self, listensUntilMs: 103_000 },
  ],
  ["it has 1 of 2 votes; not those of b", { candidate: self, votes: 1 }],
];

for (const [why, changed, more] of whys) {
  Deno.test(`why a node is not lord: ${why || "it is"}`, () => {
    assertEquals(report(changed, more).why_not_lord, why);
  });
}

const states: [standing: string, changed: Partial<LegionView>][] = [
  ["listening", { phase: "setting up" }],
  ["stands back", { valor: 0, reasons: [unfit] }],
  // The title is not given up before the unlord hooks have ended.
  ["lord", { ...lord, reasons: [unfit] }],
  ["follower", { valor: 0, lordship: "releasing", reasons: [unfit] }],
  ["listening", { phase: "listening", reasons: [unfit] }],
  ["stopping", { phase: "gone" }],
  ["lord", lord],
  ["taking over", { lordship: "taking over" }],
  ["candidate", {}],
  ["candidate", { candidate: self }],
  ["follower", { candidate: { valor: 30, name: "b", uuid: others } }],
  // An arbiter.
  ["follower", { valor: 0 }],
];

Deno.test("how a node stands is told in a few words, with those who are lord besides", () => {
  for (const [standing, changed] of states) {
    assertEquals(standingOf(sources(changed)), `test: ${standing}`);
  }
  const members = [member("b", others, { lord: 9 }), member("c", "c".repeat(36), { lord: 8 })];
  assertEquals(standingOf(sources({ members })), "test: candidate, lord is b, c");
  assertEquals(standingOf(sources({ ...lord, members })), "test: lord, lord is b, c");
  assertEquals(report({ ...lord, members }).lords, ["a", "b", "c"]);
});

Deno.test("times are told on the clock that each belongs to", () => {
  const by = { by: "root", sinceWallMs: 5_900, untilWallMs: 8_100 };
  const { lordless_seconds, drained: told, stands_back } = report(
    { reasons: [drained, unfit] },
    { lordlessMs: 98_000, fitness: { checks: [], drained: by } },
  );
  assertEquals(lordless_seconds, 2);
  assertEquals(told, { by: "root", since: 5, until: 9 });
  assertEquals(stands_back, [
    { kind: "drained", why: "drained by eve", until: 1_000_005 },
    { ...unfit, until: 0 },
  ]);
  const endless = { ...by, untilWallMs: Infinity };
  const forGood = report({}, { fitness: { checks: [], drained: endless } });
  assertEquals([forGood.drained?.until, forGood.lordless_seconds], [0, 0]);
  assertEquals([report().drained, report().stands_back], [null, []]);
});

Deno.test("a node that takes over tells what its hook is at, and its takeovers", () => {
  let wallMs = now.wallMs - 12_000;
  const settings = {
    ip: "4.4.4.4",
    url: "http://robot.example",
    activeServerIp: "1.1.1.1",
  } as KeptSettings;
  const moving = hook("lord", { kind: "hetzner-failoverip", settings }, 12);
  const record = new LegionRecord({ name: "a", wallMs: () => wallMs, hooks: [moving] });
  const told = () => report({ lordship: "taking over", support: own, candidate: self }, { record });
  assertEquals(told().why_not_lord, "its lord hooks run");
  record.hookBegins(moving);
  record.hookMoves("4.4.4.4", { step: "begun" });
  record.hookMoves("4.4.4.4", { step: "asked" });
  record.hookMoves("4.4.4.4", { step: "troubled", why: "LOCKED: a switch is running" });
  wallMs = now.wallMs;
  const { why_not_lord, running, takeovers, reigns, transitions } = told();
  assertEquals(
    why_not_lord,
    "its lord hooks run: hetzner-failoverip (line 12) since 12 s, attempt 1, " +
      "last error: LOCKED: a switch is running",
  );
  assertEquals(running.map(({ attempts }) => attempts), [1]);
  // An unlord hook of before is none of them.
  assertEquals(report({ lordship: "releasing" }, { record }).why_not_lord, "its unlord hooks run");
  assertEquals(takeovers.map(({ ip, begun }) => [ip, begun]), [["4.4.4.4", 1]]);
  assertEquals([reigns.map(({ lord }) => lord), transitions], [[""], 0]);
});
