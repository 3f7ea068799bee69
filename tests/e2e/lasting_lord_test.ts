// Troubles that repeat, and do not keep a legion without a lord (LEASE.md, rule 11): a node whose
// hook always fails, and links that fail again and again.
import { assert, assertEquals } from "@std/assert";
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

Deno.test("where all stand back as flapping, there is a lord within four tolerances", async () => {
  const toleranceSeconds = 1;
  await using legion = await loopbackLegion({
    valors: [30, 20, 10],
    freqSeconds: 0.1,
    toleranceSeconds,
    more: (index, folder) => [
      `legion-check = one cmd=test ! -e ${folder}/unwell-${index},interval=0.1,rise=1,fall=1`,
      "legion-flap = one 1/600",
    ],
  });
  const nodes = await legion.runAll();
  await nodes[0].line(isLord);
  // The second loss is one too many: each node is lord, and fails, until it stands back.
  for (const [index, node] of nodes.entries()) {
    for (let loss = 1; loss <= 2; loss++) {
      const flag = `${legion.folder}/unwell-${index}`;
      const lost = node.lines.length;
      const next = nodes[index + 1];
      const from = next?.lines.length;
      await Deno.writeTextFile(flag, "");
      await node.line(/no longer the lord: check cmd fails/, lost);
      if (loss === 2) await node.line(/lost the title more than 1 times/, lost);
      if (next !== undefined) await next.line(isLord, from);
      await Deno.remove(flag);
      await node.line(/check cmd passes/, lost);
      if (loss === 1) await node.line(isLord, lost);
    }
  }
  const lostMs = performance.now();
  const from = nodes.map(({ lines }) => lines.length);
  await Promise.race(nodes.map((node, index) => node.line(isLord, from[index])));
  const tookMs = performance.now() - lostMs;
  assert(tookMs < 4_000 * toleranceSeconds, `${tookMs} ms`);
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
