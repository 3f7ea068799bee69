// The three files of the uWSGI plugin's README, unchanged, on a host that has their addresses.
import { assertEquals } from "@std/assert";
import { failover } from "../lab/failover.ts";
import { canMakeNetworks, makeNetwork } from "../lab/network.ts";

Deno.test({
  name: "the original files: all three agree, and the first asks for the address",
  ignore: !canMakeNetworks,
  async fn() {
    await using network = await makeNetwork();
    const servers = ["1.1.1.1", "2.2.2.2", "3.3.3.3"];
    for (const server of servers) await network.addAddress(0, server);
    const start = (server: string) => {
      const file = new URL(`../config/original/server-${server}.ini`, import.meta.url).pathname;
      const args = ["node", "--config", file, "--name", `server-${server}`];
      return failover(server, args, { on: network.on(0) });
    };
    await using first = start(servers[0]);
    await using second = start(servers[1]);
    await using third = start(servers[2]);
    for (const node of [first, second, third]) {
      await node.line(/votes 3, quorum 0: server-1\.1\.1\.1 is elected/);
    }
    await first.line(/routing 4\.4\.4\.4 to 1\.1\.1\.1/);
    // There is no way to the Robot from here: nobody is lord before it has answered.
    const lords = [first, second, third].flatMap(({ lines }) =>
      lines.filter((line) => line.includes("this node is the lord"))
    );
    assertEquals(lords, []);
    for (const node of [third, second, first]) assertEquals(await node.end("SIGTERM"), 0);
  },
});
