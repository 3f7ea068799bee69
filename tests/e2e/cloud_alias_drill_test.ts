// A legion that shares alias IPs of a private network of the Cloud, which are lists of its servers.
import { assert, assertEquals } from "@std/assert";
import type { CloudFault } from "../../lib/hcloud/simulator.ts";
import { outcomes, startCloud, tokens } from "../lab/cloud.ts";
import { loopbackLegion } from "../lab/loopback_legion.ts";

const isLord = /this node is the lord/;
const shared = ["10.0.0.10", "10.0.0.11"];

/** Two servers that share two alias IPs, and have one each of their own; the first has the shared. */
async function setUp() {
  await using made = new AsyncDisposableStack();
  const cloud = made.use(await startCloud({ actionMs: 200 }));
  cloud.setAliasIps(42, 7, ["10.0.0.20", ...shared]);
  cloud.setAliasIps(43, 7, ["10.0.0.30"]);
  const hook = (ip: string, server: number) =>
    `legion-lord = one hcloud-alias-ip:url=${cloud.url},token=${tokens.project},network=7,` +
    `ip=${ip},server=${server},timeout=2`;
  const legion = made.use(
    await loopbackLegion({
      valors: [20, 10, 0],
      freqSeconds: 0.1,
      toleranceSeconds: 1,
      more: (index) => index === 2 ? [] : shared.map((ip) => hook(ip, [42, 43][index])),
    }),
  );
  const nodes = await legion.runAll();
  await nodes[0].line(isLord);
  await Promise.all(
    nodes.slice(0, 2).flatMap((node) =>
      shared.map((ip) => node.line(RegExp(`preflight: ${ip.replaceAll(".", "\\.")} `)))
    ),
  );
  const stack = made.move();
  return { cloud, nodes, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const on = "POST";
const rows: readonly [what: string, faults: readonly CloudFault[], mostChanges: number][] = [
  ["calm", [], 4],
  ["locked", [{ kind: "error", code: "locked", on }], 5],
  ["a reply is lost", [{ kind: "reset", after: true, on }], 5],
  ["an action fails", [{ kind: "action", code: "action_failed", on }], 5],
];

for (const [what, faults, mostChanges] of rows) {
  Deno.test(`${what}: both alias IPs move, and no other one is touched`, async () => {
    await using drill = await setUp();
    const { cloud, nodes: [a, b] } = drill;
    const from = cloud.requests.length;
    cloud.fail(...faults);
    await a.end("SIGKILL");
    await b.line(isLord);
    assertEquals(cloud.aliasIps(42, 7), ["10.0.0.20"]);
    assertEquals(cloud.aliasIps(43, 7).toSorted(), [...shared, "10.0.0.30"]);
    const changes = outcomes(cloud, from).filter((line) => line.startsWith("POST"));
    assert(changes.length <= mostChanges, changes.join("\n"));
  });
}
