// Addresses that are not on the machine when the node starts.
import { assertEquals } from "@std/assert";
import { failover } from "../lab/failover.ts";
import { canMakeNetworks, makeNetwork } from "../lab/network.ts";
import { run } from "../lab/run.ts";

if (!canMakeNetworks) {
  console.log("late_address_test: skipped, network namespaces need root and iproute2");
}

const timing = "legion-freq = 0.2\nlegion-tolerance = 1\n";

for (
  const [what, address, own] of [
    ["IPv4", "10.77.1.1:2000", "10.77.1.1"],
    ["IPv6", "[fd09:1::1]:2000", "fd09:1::1"],
  ]
) {
  Deno.test({
    name: `a node waits for its address, and can be asked and stopped meanwhile: ${what}`,
    ignore: !canMakeNetworks,
    async fn() {
      await using network = await makeNetwork();
      const folder = await Deno.makeTempDir();
      const file = `${folder}/a.ini`;
      await Deno.writeTextFile(
        file,
        `[uwsgi]\nlegion = test ${address} 1 bf-cbc:x\n${timing}stats = ${folder}/stats\n`,
      );
      try {
        const start = () =>
          failover("a", ["node", "--config", file], {
            on: network.on(0),
            env: { RUNTIME_DIRECTORY: `${folder}/run` },
          });
        const missing = /cannot listen on .*: the address is not on this machine/;
        {
          await using node = start();
          await node.line(missing);
          await node.line(/stats at/);
          const { out } = await run(["status", "--stats", `${folder}/stats`, "--json"]);
          const [{ state, why_not_lord }] = JSON.parse(out).legions;
          assertEquals([state, why_not_lord], [
            "listening",
            `it waits until ${address} can be listened on`,
          ]);
          assertEquals(await node.end("SIGTERM"), 0);
        }
        await using node = start();
        await node.line(missing);
        await network.addAddress(0, own);
        await node.line(/listens on /);
        await node.line(/this node is the lord/);
        assertEquals(await node.end("SIGTERM"), 0);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

Deno.test({
  name: "nodes that listen on all addresses elect one once they know which of the list they are",
  ignore: !canMakeNetworks,
  async fn() {
    await using network = await makeNetwork();
    const folder = await Deno.makeTempDir();
    const start = async (host: 0 | 1) => {
      const file = `${folder}/${host}.ini`;
      await Deno.writeTextFile(
        file,
        `[uwsgi]
legion = test :2000 ${20 - host} aes-128-cbc:secret1
legion-node = test 10.77.1.1:2000
legion-node = test 10.77.1.2:2000
legion-quorum = test 2
legion-lease = test on
${timing}`,
      );
      return failover(`host-${host}`, ["node", "--config", file], { on: network.on(host) });
    };
    try {
      await using first = await start(0);
      await using second = await start(1);
      await Promise.all([first, second].map((node) => node.line(/is not known \(yet\)/)));
      await network.addAddress(0, "10.77.1.1");
      await first.line(/this node is 10\.77\.1\.1:2000/);
      await network.addAddress(1, "10.77.1.2");
      await second.line(/this node is 10\.77\.1\.2:2000/);
      await first.line(/this node is the lord/);
      assertEquals([await first.end("SIGTERM"), await second.end("SIGTERM")], [0, 0]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
