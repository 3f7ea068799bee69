// The roster as a table: the situation, and the rows that a node tells of it.
import { assertEquals } from "@std/assert";
import type { LegionConfig } from "../../lib/config/config.ts";
import { type Announcement, noUuid } from "../../lib/legion/announcement.ts";
import { configMark } from "../../lib/legion/config_mark.ts";
import { DatagramError, type DropReason } from "../../lib/legion/datagram_error.ts";
import type { Member } from "../../lib/legion/membership.ts";
import type { LegionView } from "../../lib/legion/view.ts";
import { Losses } from "../../lib/node/losses.ts";
import { NodesHeard } from "../../lib/node/nodes_heard.ts";
import { rosterOf } from "../../lib/node/roster.ts";
import type { RosterSources } from "../../lib/node/roster_scene.ts";
import type { NodeStats } from "../../lib/status/node_stats.ts";
import { announcement } from "../legion/announcement.ts";
import { legionConfig } from "./legion_config.ts";

// 2026-11-28T14:00:00Z
const now = { monotonicMs: 600_000, wallMs: 1_795_874_400_000 };
const secondsAgo = (seconds: number) => ({
  monotonicMs: now.monotonicMs - seconds * 1_000,
  wallMs: now.wallMs - seconds * 1_000,
});

const addressOf = (host: string) => ({ host, port: 2000 });
const three = ["10.0.0.1:2000", "10.0.0.2:2000", "10.0.0.3:2000"];
const five = [...three, "10.0.0.4:2000", "10.0.0.5:2000"];
const nodeOf: Record<string, string> = { b: five[1], c: five[2], d: five[3], e: five[4] };
const listOf = (nodes: string[]) => ({
  nodes: nodes.slice(1).map((node) => addressOf(node.split(":")[0])),
  voters: nodes,
});

/** A member of the legion of three with which all is well, half a second ago. */
function member(name: string, said: Partial<Announcement> = {}, from = nodeOf[name]): Member {
  const last = announcement({
    name,
    uuid: name.repeat(36),
    seq: 5,
    valor: { b: 20, c: 10, d: 8, e: 7 }[name],
    unix: Math.floor(now.wallMs / 1_000),
    node: nodeOf[name],
    config: configMark(three, 2),
    hears: 0b111n,
    lordUuid: "a".repeat(36),
    support: { uuid: "a".repeat(36), seq: 7 },
    binds: 15_000,
    aside: { version: "1.2.3", back: [] },
    ...said,
  });
  return {
    name,
    uuid: last.uuid,
    valor: last.valor,
    digest: 0n,
    said: last,
    heardMs: now.monotonicMs - 500,
    heardWallMs: now.wallMs - 500,
    lordSince: last.lord,
    joinedMs: 1_000,
    from,
  };
}

/** The sources of a roster, of the lord of three where all is well. */
class Scene {
  readonly #config: Partial<LegionConfig>;
  #view: Partial<LegionView> = {};
  #more: Partial<RosterSources> = {};
  readonly #heard: NodesHeard;
  readonly #losses: Losses;

  constructor(config: Partial<LegionConfig> = {}) {
    this.#config = {
      address: addressOf("10.0.0.1"),
      ...listOf(three),
      node: three[0],
      valor: 30,
      quorum: 2,
      freqMs: 3_000,
      toleranceMs: 15_000,
      ...config,
    };
    this.#heard = new NodesHeard(this.#config.voters!);
    this.#losses = new Losses(this.#config.voters!);
  }

  members(...members: Member[]): this {
    this.#view = { ...this.#view, members };
    return this;
  }

  view(view: Partial<LegionView>): this {
    this.#view = { ...this.#view, ...view };
    return this;
  }

  with(more: Partial<RosterSources>): this {
    this.#more = { ...this.#more, ...more };
    return this;
  }

  heard(name: string, seconds: number, dead = false): this {
    const said = announcement({ ...member(name).said, dead: false });
    this.#heard.hear(said, nodeOf[name], secondsAgo(seconds));
    if (dead) this.#heard.hear({ ...said, dead }, nodeOf[name], secondsAgo(seconds));
    return this;
  }

  drop(
    from: string,
    reason: DropReason,
    { ago = 1, ahead = 0, node = "", name = "", why = "why" } = {},
  ): this {
    const error = new DatagramError(reason, why, ahead);
    this.#losses.dropped(addressOf(from), error, secondsAgo(ago), { node, name });
    return this;
  }

  unsent(to: string, reason: string): this {
    this.#losses.unsentTo(addressOf(to), reason, secondsAgo(1));
    return this;
  }

  get roster(): NodeStats[] {
    const view: LegionView = {
      uuid: "a".repeat(36),
      valor: 30,
      phase: "voting",
      lordship: "lord",
      isResuming: false,
      lordSince: 7,
      lordUntilMs: now.monotonicMs + 1_000,
      checksum: 7n,
      present: 3,
      votes: 3,
      guarantee: { kind: "lease", why: "", isPending: false, untilMs: Infinity },
      endsMs: now.monotonicMs + 1_000,
      listensUntilMs: -Infinity,
      phaseEndsMs: Infinity,
      reasons: [],
      leased: true,
      members: [],
      rivals: [],
      doubles: [],
      sendersKnown: 0,
      ...this.#view,
    };
    return rosterOf({
      config: legionConfig(this.#config),
      name: "a",
      version: "1.2.3",
      state: "lord",
      view,
      heard: this.#heard.byNode,
      heardBefore: new Map(),
      losses: this.#losses,
      now,
      ...this.#more,
    });
  }
}

const b = member("b");
const c = member("c");

/** The rows as text: the last number of the address, the name, the role, the troubles. */
function rows(scene: Scene): string[] {
  return scene.roster.map(({ node, name, role, troubles }) => {
    const host = node.replace(/^10\.0\.0\.(\d):2000$/, ".$1");
    const amiss = troubles.map(({ kind, why }) => ` | ${kind}: ${why}`).join("");
    return `${host} ${name || "?"} ${role}${amiss}`;
  });
}

const silentB = "silent since 2026-11-28T13:57:00Z";
const otherSecret = "its datagrams have another secret, cipher or IV (legion)";
const alike = " (as with all others: look at this node first)";
const leasing = { support: undefined, binds: 0 };
const inFive = { config: configMark(five, 3) };

const table: [situation: string, scene: Scene, rows: string[]][] = [
  ["all is well", new Scene().members(c, b), [".1 a lord", ".2 b follower", ".3 c follower"]],
  [
    "another is lord; the rows are in the order of the list",
    new Scene({ nodes: ["10.0.0.3", "10.0.0.2"].map(addressOf) })
      .members(member("b", { lord: 9 }), c).with({ state: "follower" }),
    [".1 a follower", ".3 c follower", ".2 b lord"],
  ],
  [
    "each has another role",
    new Scene({ ...listOf(five), quorum: 3, valor: 0 }).members(
      member("b", { ...inFive, claim: true }),
      member("c", { ...inFive, valor: 0 }),
      member("d", { ...inFive, valor: 0, aside: { version: "", back: ["drained"] } }),
      { ...member("e", { ...inFive, ...leasing, lordUuid: noUuid }), joinedMs: 599_000 },
    ).with({ state: "follower" }),
    [".1 a arbiter", ".2 b taking over", ".3 c arbiter", ".4 d stands back", ".5 e listening"],
  ],
  ["a restarted lord claims again", new Scene().members({ ...b, lordSince: 9 }, c), [
    ".1 a lord",
    ".2 b lord",
    ".3 c follower",
  ]],
  ["one was never heard", new Scene().members(member("c", { hears: 0b101n })), [
    ".1 a lord",
    ".2 ? unknown | never heard: never heard",
    ".3 c follower",
  ]],
  ["one is silent", new Scene().members(member("c", { hears: 0b101n })).heard("b", 180), [
    ".1 a lord",
    `.2 b unknown | silent: ${silentB}`,
    ".3 c follower",
  ]],
  [
    "one is silent since before a restart of this process",
    new Scene().members(member("c", { hears: 0b101n }))
      .with({ heardBefore: new Map([[five[1], "b"]]) }),
    [
      ".1 a lord",
      ".2 b unknown | silent: silent since before this process started",
      ".3 c follower",
    ],
  ],
  ["one has left, and is back where others hear it", new Scene().members(c).heard("b", 180, true), [
    ".1 a lord",
    ".2 b unknown | not heard by us: heard by c, and not here since 2026-11-28T13:57:00Z",
    ".3 c follower",
  ]],
  ["one has left", new Scene().members(member("c", { hears: 0b101n })).heard("b", 180, true), [
    ".1 a lord",
    ".2 b unknown | left: stopped, gone since 2026-11-28T13:57:00Z",
    ".3 c follower",
  ]],
  ["one is not heard here, and another hears it", new Scene().members(c).heard("b", 180), [
    ".1 a lord",
    ".2 b unknown | not heard by us: heard by c, and not here since 2026-11-28T13:57:00Z",
    ".3 c follower",
  ]],
  ["one was never heard here, and another hears it", new Scene().members(c), [
    ".1 a lord",
    ".2 ? unknown | not heard by us: heard by c, and never here",
    ".3 c follower",
  ]],
  [
    "many others hear one",
    new Scene({ ...listOf(five), quorum: 3 })
      .members(...["c", "d", "e"].map((name) => member(name, { ...inFive, hears: 0b11111n }))),
    [
      ".1 a lord",
      ".2 ? unknown | not heard by us: heard by c, d and e, and never here",
      ".3 c follower",
      ".4 d follower",
      ".5 e follower",
    ],
  ],
  [
    "one has just been dropped, and the other has not said so yet",
    new Scene().members(c).heard("b", 15),
    [
      ".1 a lord",
      ".2 b unknown | silent: silent since 2026-11-28T13:59:45Z",
      ".3 c follower",
    ],
  ],
  [
    "the other waits longer before it drops anybody",
    new Scene().members(member("c", { binds: 600_000 })).heard("b", 180),
    [
      ".1 a lord",
      `.2 b unknown | silent: ${silentB}`,
      ".3 c follower | other tolerance: its legion-tolerance is 600 s, this node's 15 s",
    ],
  ],
  ["one does not hear this node", new Scene().members(b, member("c", { hears: 0b110n })), [
    ".1 a lord",
    ".2 b follower",
    ".3 c follower | does not hear us: does not hear this node",
  ]],
  [
    "nothing can be sent to one",
    new Scene().members(b, member("c", { hears: 0b110n })).unsent("10.0.0.3", "not permitted"),
    [
      ".1 a lord",
      ".2 b follower",
      ".3 c follower | does not hear us: does not hear this node " +
      "(nothing can be sent to it: not permitted)",
    ],
  ],
  ["one has another secret", new Scene().members(c).heard("b", 180).drop("10.0.0.2", "size"), [
    ".1 a lord",
    `.2 b unknown | another secret: ${otherSecret}`,
    ".3 c follower",
  ]],
  [
    "all others have another secret",
    new Scene().drop("10.0.0.2", "size").drop("10.0.0.3", "undecipherable"),
    [
      ".1 a lord",
      `.2 ? unknown | another secret: ${otherSecret}${alike}`,
      `.3 ? unknown | another secret: ${otherSecret}${alike}`,
    ],
  ],
  [
    "somebody forges datagrams of one that is heard",
    new Scene().members(b, c).drop("10.0.0.2", "size"),
    [
      ".1 a lord",
      ".2 b follower",
      ".3 c follower",
    ],
  ],
  [
    "one had another secret a while ago",
    new Scene().members(member("c", { hears: 0b101n })).drop("10.0.0.2", "size", { ago: 16 }),
    [".1 a lord", ".2 ? unknown | never heard: never heard", ".3 c follower"],
  ],
  [
    "datagrams with another secret come from elsewhere, as from a node behind NAT",
    new Scene().members(member("c", { hears: 0b101n })).drop("4.4.4.4", "malformed"),
    [
      ".1 a lord",
      ".2 ? unknown | never heard: never heard (datagrams with another secret, cipher or IV come " +
      "from 4.4.4.4, which is no listed node)",
      ".3 c follower",
    ],
  ],
  ["one has another secret of legion-auth", new Scene().members(c).drop("10.0.0.2", "forged"), [
    ".1 a lord",
    ".2 ? unknown | forged: its datagrams have no mac, or that of another secret (legion-auth)",
    ".3 c follower",
  ]],
  [
    "the clock of one behind NAT is too far behind",
    new Scene().members(c).drop("4.4.4.4", "stale", { ahead: -90, node: five[1], name: "b" }),
    [
      ".1 a lord",
      ".2 b unknown | clock off: not heard: its clock is 90 s behind this node's, and 60 s are " +
      "tolerated (legion-skew-tolerance)",
      ".3 c follower",
    ],
  ],
  [
    "the clock of one is ahead, and may soon be too far",
    new Scene().members(b, member("c", { unix: now.wallMs / 1_000 + 40 })),
    [
      ".1 a lord",
      ".2 b follower",
      ".3 c follower | clock off: its clock is 41 s ahead of this node's, and 60 s are tolerated " +
      "(legion-skew-tolerance)",
    ],
  ],
  [
    "the clock of a member was set a moment ago",
    new Scene().members({ ...b, heardMs: 593_000 }, c).drop("10.0.0.2", "future", { ahead: 3_600 }),
    [
      ".1 a lord",
      ".2 b follower | clock off: not heard: its clock is 3600 s ahead of this node's, and 60 s are " +
      "tolerated (legion-skew-tolerance)",
      ".3 c follower",
    ],
  ],
  [
    "one has another quorum",
    new Scene().members(b, member("c", { config: configMark(three, 3) })),
    [
      ".1 a lord",
      ".2 b follower",
      ".3 c follower | other config: its legion-quorum is 3, this node's 2",
    ],
  ],
  [
    "one lists another node besides, which is heard",
    new Scene().members(
      b,
      member("c", { config: configMark([...three, five[3]], 3) }),
      member("d"),
    ),
    [
      ".1 a lord",
      ".2 b follower",
      ".3 c follower | other config: its list has 10.0.0.4:2000 besides, and its legion-quorum is " +
      "3, this node's 2",
      ".4 d follower | other config: it is not listed here (legion-node)",
    ],
  ],
  [
    "one says that it is a node which is not listed",
    new Scene().members(b, member("c", { node: "10.9.9.9:2000" })),
    [
      ".1 a lord",
      ".2 b follower",
      ".3 c follower | other config: it says that it is 10.9.9.9:2000, which is not listed here " +
      "(legion-address, legion-node)",
    ],
  ],
  [
    "this node has another tolerance than all that are heard",
    new Scene({ ...listOf(five), quorum: 3 }).members(
      member("b", { ...inFive, hears: 0b111n, binds: 3_000 }),
      member("c", { ...inFive, hears: 0b111n, binds: 3_000 }),
    ),
    [
      ".1 a lord",
      ".2 b follower | other tolerance: its legion-tolerance is 3 s, this node's 15 s" + alike,
      ".3 c follower | other tolerance: its legion-tolerance is 3 s, this node's 15 s" + alike,
      ".4 ? unknown | never heard: never heard",
      ".5 ? unknown | never heard: never heard",
    ],
  ],
  ["one is ignored, since it has no lease", new Scene().members(b).drop("10.0.0.3", "unleased"), [
    ".1 a lord",
    ".2 b follower",
    ".3 ? unknown | other lease: not heard: it runs uWSGI, or has legion-lease off, which is on here",
  ]],
  [
    "one is uWSGI's",
    new Scene().members(b, member("c", { seq: 0, node: "", config: "", hears: undefined })),
    [".1 a lord", ".2 b follower", ".3 c follower"],
  ],
  [
    "the lease is off here",
    // None that has a lease hears of this node, as far as it tells.
    new Scene({ lease: "off" })
      .members(member("b", { hears: 0b110n }), member("c", { seq: 0, node: "", config: "" })),
    [
      ".1 a lord",
      ".2 b follower | other lease: legion-lease is off here, and not there",
      ".3 c follower",
    ],
  ],
  [
    "two processes speak for one node",
    new Scene().members(b, c, member("b", { uuid: "B".repeat(36), valor: 5 }, "4.4.4.4:9")),
    [
      ".1 a lord",
      ".2 b follower | doubled: more than one process says it is (b at 10.0.0.2:2000, b at 4.4.4.4:9)",
      ".3 c follower",
    ],
  ],
  [
    "another process speaks for this node",
    new Scene().members(b, c, member("d", { node: three[0], config: "" }, "4.4.4.4:9")),
    [
      ".1 a lord | doubled: another process says that it is this node (d at 4.4.4.4:9)",
      ".2 b follower",
      ".3 c follower",
    ],
  ],
  [
    "another process has the uuid of this node, as on a cloned machine",
    new Scene().members(b, c).drop("4.4.4.4", "identity", { node: three[0] }),
    [
      ".1 a lord | doubled: another process says that it is this node (at 4.4.4.4:2000)",
      ".2 b follower",
      ".3 c follower",
    ],
  ],
  [
    "a process of uWSGI was started again, and the one before it is not silent for long enough yet",
    new Scene().members(
      member("b", { uuid: "0".repeat(36), seq: 0, node: "", hears: undefined, lord: 9 }),
      {
        ...member("b", { uuid: "1".repeat(36), seq: 0, node: "", hears: undefined }),
        joinedMs: 599_000,
      },
      c,
    ).with({ state: "follower" }),
    [".1 a follower", ".2 b follower", ".3 c follower"],
  ],
  [
    "one of two processes has fallen silent",
    new Scene().members(b, c).view({ doubles: [{ node: five[1], names: ["b", "d"], uuids: [] }] }),
    [
      ".1 a lord",
      ".2 b follower | doubled: may be two processes that are parted (b, d), until one takes leave",
      ".3 c follower",
    ],
  ],
  [
    "valors are the same",
    new Scene().members(member("b", { valor: 30 }), member("c", { valor: 30 })),
    [
      ".1 a lord",
      ".2 b follower | same valor: has valor 30, as a, this node, has",
      ".3 c follower | same valor: has valor 30, as a, this node, has",
    ],
  ],
  [
    "the address of this node is not known",
    new Scene({ ...listOf(three), address: addressOf("0.0.0.0"), node: undefined })
      .members(b, member("c", { config: configMark(five, 3) }))
      .with({ state: "stands back" }),
    [
      "0.0.0.0:2000 a stands back",
      ".2 b follower",
      ".3 c follower | other config: it has another list of nodes or another legion-quorum",
    ],
  ],
  ["a group without a list", new Scene({ voters: [], node: undefined, nodes: [] }).members(b), [
    ".1 a lord",
    ".2 b follower",
  ]],
];
for (const [situation, scene, expected] of table) {
  Deno.test(`roster: ${situation}`, () => assertEquals(rows(scene), expected));
}
