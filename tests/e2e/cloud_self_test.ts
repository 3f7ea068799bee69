// Servers that know themselves as those of the Cloud do: by the metadata service at its own address,
// which tells each caller another id.
import { assertEquals } from "@std/assert";
import type { CloudSimulatorOptions } from "../../lib/hcloud/simulator.ts";
import { failover } from "../lab/failover.ts";
import { makeLan } from "../lab/lan.ts";
import { canMakeNetworks } from "../lab/network.ts";
import { TestProcess } from "../lab/process.ts";
import { runCommand } from "../lab/run_command.ts";

const metadata = "169.254.169.254";
const isLord = /this node is the lord/;
const asksWho = `GET /hetzner/v1/metadata/instance-id: 200`;

Deno.test({
  name: "one line serves all servers: each asks once who it is, and needs not ask at a takeover",
  ignore: !canMakeNetworks,
  async fn() {
    await using stack = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir();
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    const lan = stack.use(await makeLan(3));
    await runCommand([
      ...lan.on("switch"),
      "ip",
      "address",
      "add",
      `${metadata}/32`,
      "dev",
      "bridge",
    ]);
    const ids = [42, 43, 44];
    const options: CloudSimulatorOptions = {
      host: "0.0.0.0",
      port: 80,
      actionMs: 200,
      projects: [{
        tokens: ["secret"],
        servers: ids.map((id) => ({ id })),
        floatingIps: [{ id: 11, ip: "131.232.99.1" }],
      }],
      callers: Object.fromEntries(lan.addresses.map((host, index) => [host, ids[index]])),
    };
    const script = new URL("../lab/lone_cloud.ts", import.meta.url).pathname;
    const deno = [Deno.execPath(), "run", "--quiet", "-P", script, JSON.stringify(options)];
    const [command, ...args] = [...lan.on("switch"), ...deno];
    const cloud = stack.use(new TestProcess({ name: "Cloud", command, args }));
    await cloud.line(/^http:/);

    const nodes = await Promise.all(lan.addresses.map(async (host, index) => {
      const name = "abc"[index];
      await runCommand([...lan.on(index), "ip", "route", "add", metadata, "dev", "wire"]);
      const others = lan.addresses.filter((other) => other !== host);
      const config = `${folder}/${name}.ini`;
      await Deno.writeTextFile(
        config,
        `[uwsgi]
legion = one ${host}:2000 ${30 - 10 * index} aes-128-cbc:secret1
${others.map((other) => `legion-node = one ${other}:2000`).join("\n")}
legion-quorum = one 2
legion-freq = 0.1
legion-tolerance = 1
legion-lord = one hcloud-floating-ip:ip=131.232.99.1,token=secret,url=http://${lan.switchAddress}/v1
`,
        { mode: 0o600 },
      );
      const env = { RUNTIME_DIRECTORY: `${folder}/${name}` };
      const words = ["node", "--config", config, "--name", name];
      return stack.use(failover(name, words, { env, on: lan.on(index) }));
    }));
    const [a, b] = nodes;
    await a.line(isLord);
    await Promise.all(nodes.map((node) => node.line(/ preflight: 131\.232\.99\.1 points /)));
    assertEquals(cloud.lines.filter((line) => line === asksWho).length, 3);

    const from = cloud.lines.length;
    await lan.plug(0, "down");
    await b.line(isLord);
    const asked = cloud.lines.slice(from).map((line) => line.replace(/actions\/\d+/, "actions/N"));
    // A busy machine may ask once more for the action.
    assertEquals([...new Set(asked)], [
      "POST /floating_ips/11/actions/assign: 201",
      "GET /actions/N: 200",
      "GET /floating_ips/11: 200",
    ]);
    assertEquals(asked.filter((line) => line.startsWith("POST")).length, 1);
    await b.line(/131\.232\.99\.1 points to 43$/);
  },
});
