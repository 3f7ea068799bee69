// failover init --hcloud, as its users run it, and nodes with what it writes.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { KeptFloatingIp } from "../../lib/hcloud/floating.ts";
import { readConfiguration } from "../../lib/node/configuration.ts";
import { startCloud, tokens } from "../lab/cloud.ts";
import { failover } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { run } from "../lab/run.ts";
import { converse } from "../lab/terminal.ts";

/** A folder that stands for a server's /etc. */
async function makeEtc() {
  const folder = await Deno.makeTempDir();
  return { folder, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

Deno.test("on a terminal init --hcloud asks for the floating IP and the token, and hides that", async () => {
  await using etc = await makeEtc();
  const config = `${etc.folder}/failover.ini`;
  const { code, shown } = await converse(["init", "--hcloud", "--config", config], [
    [/Servers .*: /, "10.0.0.1,10.0.0.2,10.0.0.3\n"],
    [/This server: /, "10.0.0.2\n"],
    [/Floating IP .*: /, "web\n"],
    [/takes an IP address[^]*Floating IP .*: /, "131.232.99.1\n"],
    [/Token: /, "HIDDEN\n"],
    [/Write this.*: /, "\n"],
  ]);
  assertEquals(code, 0, shown);
  assertEquals(shown.includes("HIDDEN"), false, shown);
  const file = `${etc.folder}/failover.token`;
  assertEquals(await Deno.readTextFile(file), "HIDDEN\n");
  assertEquals((await Deno.stat(file)).mode! & 0o777, 0o600);
  const { legions: [legion], warnings } = readConfiguration(config);
  assertEquals([legion.address.host, legion.valor, warnings], ["10.0.0.2", 9998, []]);
  const { token, ip, server } = legion.hooks[0].action.settings as KeptFloatingIp;
  assertEquals([token, ip, server], ["HIDDEN", "131.232.99.1", "self"]);
});

Deno.test("a token that is not there, or that all may read, is told", async () => {
  await using etc = await makeEtc();
  const config = `${etc.folder}/failover.ini`;
  const nodes = ["--addresses", "10.0.0.1,10.0.0.2", "--arbiters", "10.0.0.9", "--me", "10.0.0.1"];
  const args = ["init", "--hcloud", ...nodes, "--ip", "131.232.99.1", "--config", config];
  const missing = await run(args);
  assertEquals(missing.code, 2);
  assertStringIncludes(
    missing.err,
    `there is no ${etc.folder}/failover.token: write the token of the Cloud's project into it first`,
  );
  await Deno.writeTextFile(`${etc.folder}/failover.token`, "SECRET\n", { mode: 0o644 });
  const { code, out, err } = await run(args);
  assertEquals(code, 0);
  assertMatch(err, /^warning: .*failover\.token.*all users of this machine may read it/);
  assertEquals((out + err).includes("SECRET"), false);
});

Deno.test("nodes with what init --hcloud wrote know their servers, and the first has the address", async () => {
  await using etc = await makeEtc();
  await using cloud = await startCloud();
  await Deno.writeTextFile(`${etc.folder}/token`, `${tokens.project}\n`, { mode: 0o600 });
  const [port] = freePorts(1);
  const hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
  const configs: string[] = [];
  for (const [index, host] of hosts.entries()) {
    const config = `${etc.folder}/${index}.ini`;
    const { code, err } = await run([
      "init",
      ...["--hcloud", "--ip", "2001:db8:f::/64", "--token-file", `${etc.folder}/token`],
      ...["--addresses", hosts.join(","), "--me", host, "--port", `${port}`, "--config", config],
      ...index === 0 ? [] : ["--secret-file", `${etc.folder}/0.secret`],
    ]);
    assertEquals([code, err], [0, ""]);
    // No test asks the real Cloud.
    const urls = `url=${cloud.url},metadata=${await cloud.metadataOf([43, 45, 46][index])}`;
    const text = await Deno.readTextFile(config);
    await Deno.writeTextFile(config, text.replace("server=self", `server=self,${urls}`));
    configs.push(config);
  }
  await using stack = new AsyncDisposableStack();
  const nodes = configs.map((config, index) => {
    const name = "abc"[index];
    const env = { RUNTIME_DIRECTORY: `${etc.folder}/${name}` };
    return stack.use(failover(name, ["node", "--config", config, "--name", name], { env }));
  });
  await nodes[0].line(/this node is the lord/);
  assertEquals(cloud.serverOf("2001:db8:f::"), 43);
  for (const node of nodes) {
    await node.line(/a is elected/);
    await node.line(/preflight: /);
    // On a busy machine there may be other warnings, since the nodes do not start at one time.
    const odd = node.lines.filter((line) => / (warn|error) .*(preflight|hcloud)/.test(line));
    assertEquals(odd, [], node.name);
  }
});
