import { assertEquals } from "@std/assert";
import { hetznerFailoverip } from "../../lib/hooks/hetzner_failoverip.ts";
import { waitForLord } from "../../lib/cli/_wait_for_lord.ts";
import { keptByRobot } from "../../lib/robot/provider.ts";
import type { LegionStats } from "../../lib/status/report.ts";
import { startRobot } from "../robot/_setup.ts";
import { legionStats, statsOf } from "../status/stats.ts";

const out: Partial<LegionStats> = {
  state: "stands back",
  why_not_lord: "drained by eve",
  lords: ["b"],
  drained: { by: "eve", since: 7, until: 0 },
};

/** The outcome of waiting a second for a node that stays as it is. */
async function waited(
  changed: Partial<LegionStats>,
  settings?: string,
  others: LegionStats[] = [],
) {
  const { stats: _, ...result } = await waitForLord({
    ask: () => Promise.resolve(statsOf(legionStats({ ...out, ...changed }), ...others)),
    legions: ["failover"],
    addresses: settings === undefined
      ? []
      : [keptByRobot(hetznerFailoverip.read(settings, "", () => ""))],
    timeoutMs: settings === undefined ? 0 : 1_000,
    signal: new AbortController().signal,
    isHopeless: () => false,
    tell: () => {},
  });
  return result;
}

Deno.test("another is lord once it says so, and this node stands back", async () => {
  assertEquals(await waited({}), { notes: [] });
  // A legion that was not meant does not count.
  assertEquals(await waited({}, undefined, [legionStats({ legion: "other" })]), { notes: [] });
});

const missing: [changed: Partial<LegionStats>, what: string][] = [
  [{ lords: [] }, "no other node is lord"],
  [{ lords: ["a"] }, "no other node is lord"],
  [{ state: "lord", why_not_lord: "" }, "this node does not stand back yet"],
  [{ state: "follower" }, "this node does not stand back yet: drained by eve"],
];
for (const [changed, what] of missing) {
  Deno.test(`missing: ${what} (${JSON.stringify(changed)})`, async () => {
    const expected = { missing: `failover: ${what}`, isOver: false, notes: [] };
    assertEquals(await waited(changed), expected);
  });
}

Deno.test("nothing more can come once the drain is over", async () => {
  assertEquals(await waited({ drained: null }), {
    missing: "failover: this node is no longer drained",
    isOver: true,
    notes: [],
  });
});

Deno.test("the address is to point to another server, and not here or nowhere", async () => {
  await using robot = await startRobot();
  const settings = (password = "pä;ss:w0rd") =>
    `user=#ws+user,pass=${password},ip=4.4.4.4,active_ip=1.1.1.1,url=${
      robot.failoverUrl("4.4.4.4")
    }`;
  const pointing = async (to: string | null) => {
    robot.route("4.4.4.4", to);
    return await waited({}, settings());
  };
  assertEquals(await pointing("2.2.2.2"), { notes: [] });
  assertEquals(await pointing("1.1.1.1"), { missing: "4.4.4.4 still points here", notes: [] });
  assertEquals(await pointing(null), { missing: "4.4.4.4 still points nowhere", notes: [] });
  // The lord says that it is one: what the Robot does not tell here is a note.
  const { missing, notes } = await waited({}, settings("WRONG"));
  assertEquals(missing, undefined);
  assertEquals(notes, ["where 4.4.4.4 points is not known: UNAUTHORIZED: Unauthorized"]);
});
