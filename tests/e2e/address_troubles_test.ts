// Troubles with an address on a layer-2 network, as log, status and commands tell them: a device that
// comes late or goes, another machine with the address, somebody who removes it.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { delay } from "@std/async/delay";
import type { LegionStats } from "../../lib/status/report.ts";
import { failover } from "../lab/failover.ts";
import { makeLan } from "../lab/lan.ts";
import { missing } from "../lab/missing.ts";
import { canMakeNetworks, ip } from "../lab/network.ts";

const lacking = await missing(["ip", "arping", "ndptool", "ping"]);
const floating = ["10.88.0.100", "fd88::100"];
const noDevice = "there is no network device lan.7 on this machine";

const configuration = `[uwsgi]
legion = one 10.77.0.1:2000 10 bf-cbc:secret1
legion-node = one 10.77.0.1:2000
legion-quorum = one 1
legion-freq = 0.5
legion-tolerance = 3
legion-lease = one on
legion-release-time = one 1
legion-lord = one address:ip=10.88.0.100/24,dev=lan.7,repeat=1
legion-lord = one address:ip=fd88::100/64,dev=lan.7,repeat=1
`;

Deno.test({
  name:
    "a device that comes late, goes and comes back; another machine with the address; one that is removed",
  ignore: !canMakeNetworks || lacking.length > 0,
  async fn(t) {
    await using made = new AsyncDisposableStack();
    const lan = made.use(await makeLan(1));
    const folder = await Deno.makeTempDir();
    made.defer(() => Deno.remove(folder, { recursive: true }));
    const config = `${folder}/one.ini`;
    await Deno.writeTextFile(config, configuration, { mode: 0o600 });
    const [here, there] = [lan.on(0)[3], lan.on("switch")[3]];
    const env = { RUNTIME_DIRECTORY: folder, STATE_DIRECTORY: folder };
    const run = async (...words: string[]) => {
      const args = [...words, "--config", config];
      await using command = failover(words[0], args, { on: lan.on(0), env });
      const status = await command.status();
      return { status, text: command.lines.join("\n") };
    };
    /** A wire between the server and another machine. */
    const makeDevice = async () => {
      const wire = ["link", "add", "lan.7", "type", "veth", "peer", "far", "netns", there];
      await ip("-n", here, ...wire);
      for (const [host, dev, own] of [[here, "lan.7", "1"], [there, "far", "9"]]) {
        await ip("-n", host, "link", "set", dev, "up");
        await ip("-n", host, "address", "add", `10.88.0.${own}/24`, "dev", dev);
        await ip("-n", host, "address", "add", `fd88::${own}/64`, "dev", dev, "nodad");
      }
    };

    /** Waits until both addresses are told so, and returns the last status. */
    const told = async (pointsTo: (at: string | null) => boolean, problem: RegExp) => {
      const endMs = performance.now() + 30_000;
      for (;;) {
        const { status, text } = await run("status", "--json");
        const legion: LegionStats | undefined = status === 0
          ? JSON.parse(text).legions[0]
          : undefined;
        const isSo = legion?.addresses.every((one) =>
          pointsTo(one.points_to) && problem.test(one.problem)
        );
        if (isSo && legion !== undefined) return legion;
        if (performance.now() > endMs) throw new Error(text);
        await delay(100);
      }
    };
    const isHere = () => told((at) => at === "10.77.0.1", /^$/);
    const isAnswered = async () => {
      for (const address of floating) {
        const words = ["netns", "exec", there, "ping", "-n", "-c", "1", "-w", "10", address];
        await ip(...words);
      }
    };

    const checked = await run("node", "--check-config");
    assertEquals(checked.status, 0);
    assertStringIncludes(checked.text, `${config}:9: address: ${noDevice}`);
    const node = made.use(
      failover("node", ["node", "--config", config, "--name", "web1"], { on: lan.on(0), env }),
    );

    await t.step("no device at the start: told, and had once it is there", async () => {
      await node.line(/this node is the lord/);
      await told((at) => at === null, RegExp(noDevice));
      const { status, text } = await run("status", "--check");
      assertEquals(status, 2);
      assertStringIncludes(text, "10.88.0.100 points nowhere, not here");
      await makeDevice();
      await isHere();
      await isAnswered();
    });

    await t.step("the device goes, and is made anew", async () => {
      await ip("-n", here, "link", "delete", "lan.7");
      await told((at) => at === null, RegExp(noDevice));
      await makeDevice();
      const { hooks } = await isHere();
      await isAnswered();
      assert(hooks.every(({ result, mended }) => result === "ok" || mended), JSON.stringify(hooks));
    });

    await t.step("another machine answers, and then no longer", async () => {
      await ip("-n", there, "address", "add", "10.88.0.100/24", "dev", "far");
      await ip("-n", there, "address", "add", "fd88::100/64", "dev", "far", "nodad");
      await told((at) => at !== null && at !== "10.77.0.1", /another machine answers for it too/);
      assertEquals((await run("status", "--check")).status, 2);
      await ip("-n", there, "address", "del", "10.88.0.100/24", "dev", "far");
      await ip("-n", there, "address", "del", "fd88::100/64", "dev", "far");
      await isHere();
    });

    await t.step(
      "somebody removes it, or adds it with another prefix: it is put right",
      async () => {
        const from = node.lines.length;
        await ip("-n", here, "address", "del", "10.88.0.100/24", "dev", "lan.7");
        await node.line(/removed by something else, and is put back/, from);
        await ip("-n", here, "address", "add", "10.88.0.100/32", "dev", "lan.7");
        await node.line(/it was there as \/32, which is removed/, from);
        await isAnswered();
      },
    );

    await t.step("on another device of the machine, too", async () => {
      await ip("-n", here, "address", "add", "10.88.0.100/32", "dev", "lo");
      await node.line(/10\.88\.0\.100 is on lo, too/);
      assertStringIncludes((await run("node", "--check-config")).text, "10.88.0.100 is on lo, too");
      await ip("-n", here, "address", "del", "10.88.0.100/32", "dev", "lo");
      await isHere();
    });

    await t.step("failover addresses, and a takeover by hand", async () => {
      const { status, text } = await run("addresses", "--json");
      const listed = floating.map((ip) => ({
        ip,
        provider: "device",
        points_to: "10.77.0.1",
        active_server_ip: "10.77.0.1",
      }));
      assertEquals([status, JSON.parse(text)], [0, listed]);
      const takeover = await run("takeover", "--ip", "10.88.0.100");
      assertEquals(takeover.status, 2);
      assertStringIncludes(takeover.text, "right would be failover handover");
      await node.end("SIGTERM");
      const without = await run("addresses");
      assertEquals(without.status, 75);
      assertStringIncludes(without.text, "which server has 10.88.0.100, fd88::100?");
    });
  },
});
