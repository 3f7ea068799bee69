// Troubles that repeat, and do not keep a legion without a lord (LEASE.md, rule 11): a node whose
// hook always fails, and links that fail again and again.
import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { makeLan } from "../lab/lan.ts";
import { loopbackLegion } from "../lab/loopback_legion.ts";
import { missing } from "../lab/missing.ts";
import { canMakeNetworks } from "../lab/network.ts";
import { drill } from "./faults/drill.ts";
import { shortCuts } from "./faults/scenarios_links.ts";

const isLord = /this node is the lord/;

Deno.test("a node whose lord hook always fails takes the title from a healthy lord once", async () => {
  const suspensionSeconds = 0.5;
  await using legion = await loopbackLegion({
    valors: [30, 20, 0],
    freqSeconds: 0.1,
    toleranceSeconds: 1,
    more: (index, folder) => [
      `legion-death-on-lord-error = ${suspensionSeconds}`,
      ...index === 0 ? [`legion-lord = one cmd:echo >> ${folder}/tried; exit 1`] : [],
    ],
  });
  const [b] = await Promise.all([legion.run(1), legion.run(2)]);
  await b.line(isLord);
  const from = b.lines.length;
  await legion.run(0);
  await b.line(/no longer the lord/, from);
  await b.line(isLord, from);
  // In this time it would take the title five times more.
  await delay(5 * (suspensionSeconds + 0.5) * 1000);
  assertEquals(b.lines.slice(from).filter((line) => /no longer the lord/.test(line)).length, 1);
  assertEquals((await Deno.readTextFile(`${legion.folder}/tried`)).length, 1);
});

const lacking = await missing(["ip", "nft"]);

Deno.test({
  name: `${shortCuts.name}, and there is a lord within two tolerances`,
  ignore: !canMakeNetworks || lacking.length > 0,
  async fn() {
    await using lan = await makeLan(3);
    const { wrong, logs } = await drill(shortCuts, {
      lan,
      settings: { freqSeconds: 0.2, toleranceSeconds: 1, quorum: 2, lease: "auto" },
      signal: new AbortController().signal,
    });
    assertEquals(wrong, [], logs.join("\n"));
  },
});
