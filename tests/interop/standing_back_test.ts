// A node of ours that stands back is an arbiter to real uWSGIs, and returns to them (LEASE.md, rule
// 11).
import { assertEquals, assertNotEquals } from "@std/assert";
import type { LegionStats } from "../../lib/status/report.ts";
import { loopbackLegion } from "../lab/loopback_legion.ts";
import { hasUwsgi } from "../lab/uwsgi.ts";

/** Our node, one of uWSGI's, and the third, by their indexes. */
const [ours, theirs] = [0, 1];

/** Whether all hear all, have the same view, and one lord, which all see; `valor` is our node's. */
function isOneView(valor: number, lord: number) {
  return (legions: LegionStats[]) =>
    legions[ours].valor === valor &&
    legions.every(({ members, checksum, lord_uuid, i_am_the_lord }, index) =>
      members.length === 2 &&
      [...members, legions[0]].every((other) => other.checksum === checksum) &&
      lord_uuid === legions[lord].uuid &&
      (i_am_the_lord > 0) === (index === lord)
    );
}

for (const third of ["ours", "uwsgi"]) {
  Deno.test({
    name: `drained and resumed beside a uWSGI, the arbiter is ${third}: one view after each step`,
    ignore: !hasUwsgi,
    async fn() {
      await using legion = await loopbackLegion({
        valors: [20, 10, 0],
        uwsgi: third === "uwsgi" ? [1, 2] : [1],
        freqSeconds: 1,
        toleranceSeconds: 3,
      });
      await legion.runAll();
      const all = [0, 1, 2];
      const uuids: string[] = [];
      const oneView = async (what: string, valor: number, lord: number) => {
        const legions = await legion.until(what, isOneView(valor, lord), ...all);
        const { uuid } = legions[ours];
        uuids.push(uuid);
        for (const other of [1, 2]) {
          const member = legions[other].members.find((each) => each.uuid === uuid);
          assertEquals(member?.valor, valor, JSON.stringify(legions[other]));
        }
      };
      await oneView("ours to be lord", 20, ours);
      for (let turn = 0; turn < 2; turn++) {
        assertEquals(await legion.begin(ours, "drain").status(), 0);
        await oneView("the drained node to be an arbiter", 0, theirs);
        assertEquals(await legion.begin(ours, "resume").status(), 0);
        await oneView("the resumed node to be lord", 20, ours);
      }
      // To uWSGI a node that stands back, or returns, is another one each time.
      for (const [index, uuid] of uuids.slice(1).entries()) assertNotEquals(uuid, uuids[index]);
    },
  });
}
