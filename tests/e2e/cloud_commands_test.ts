// takeover, release and addresses of the Cloud, as somebody types them: processes, on loopback.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freePorts } from "../lab/free_ports.ts";
import { startCloud } from "../lab/cloud.ts";
import { run, type RunOptions } from "../lab/run.ts";

const token = "tOkEnOfTheProject";
const ip = "131.232.99.1";

async function setUp() {
  const cloud = await startCloud({
    projects: [{
      tokens: [token],
      servers: [
        { id: 42, name: "one", ipv4: "192.0.2.1", privateNets: [{ network: 7, ip: "10.0.0.2" }] },
        { id: 43, name: "two", ipv4: "192.0.2.2", privateNets: [{ network: 7, ip: "10.0.0.3" }] },
      ],
      networks: [{ id: 7, ipRange: "10.0.0.0/16" }],
      floatingIps: [{ id: 11, ip, name: "web", server: 42 }, { id: 12, ip: "131.232.99.2" }],
    }],
  });
  const folder = await Deno.makeTempDir();
  const config = `${folder}/failover.ini`;
  const tokenFile = `${folder}/token`;
  const metadata = await cloud.metadataOf(43);
  const [port] = freePorts(1);
  const keys = `token_file=${tokenFile},url=${cloud.url},metadata=${metadata}`;
  await Deno.writeTextFile(tokenFile, `${token}\n`, { mode: 0o600 });
  await Deno.writeTextFile(
    config,
    `[uwsgi]
legion = one 127.0.0.1:${port} 10 bf-cbc:x
legion-lord = one hcloud-floating-ip:ip=${ip},${keys}
legion-lord = one hcloud-alias-ip:network=7,ip=10.0.0.9,${keys}
`,
    { mode: 0o600 },
  );
  /** Runs a command; nothing that it prints may tell the token. */
  const command = async (args: readonly string[], options?: RunOptions) => {
    const result = await run([...args], options);
    assertEquals(`${result.out}${result.err}`.includes(token), false, "the token is told");
    return result;
  };
  return {
    cloud,
    tokenFile,
    ask: (...args: string[]) => command([...args, "--config", config]),
    without: (...args: string[]) => command([...args, "--url", cloud.url]),
    async [Symbol.asyncDispose]() {
      await cloud.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("takeover with only a configuration: to this server, with any of its addresses", async () => {
  await using setup = await setUp();
  const dry = await setup.ask("takeover", "--ip", ip, "--dry-run");
  assertEquals([dry.code, dry.out], [0, `${ip} points to 42: would route it to 43\n`]);
  const first = await setup.ask("takeover", "--ip", ip);
  assertEquals([first.code, first.err], [0, ""]);
  assertMatch(first.out, /^131\.232\.99\.1 points to 43 \(\d+\.\d s\)\n$/);
  assertEquals(setup.cloud.serverOf(ip), 43);
  const alias = await setup.ask("takeover", "--ip", "10.0.0.9", "--json");
  const { seconds: _, ...told } = JSON.parse(alias.out);
  assertEquals(told, {
    ip: "10.0.0.9",
    to: "43",
    outcome: "routed",
    code: null,
    message: "10.0.0.9 points to 43",
    posts: 1,
  });
  assertEquals(setup.cloud.aliasIps(43, 7), ["10.0.0.9"]);
});

Deno.test("takeover to another server by its name, and a release", async () => {
  await using setup = await setUp();
  const named = await setup.ask("takeover", "--ip", ip, "--to", "two");
  assertEquals([named.code, setup.cloud.serverOf(ip)], [0, 43]);
  const unknown = await setup.ask("takeover", "--ip", ip, "--to", "three");
  assertEquals(unknown.code, 1);
  assertStringIncludes(
    unknown.err,
    "refused: not_found: no server three is in the token's project",
  );
  const wrong = await setup.ask("takeover", "--ip", ip, "--to", "no name");
  assertEquals(wrong.code, 2);
  const released = await setup.ask("release", "--ip", ip, "--yes");
  assertEquals([released.code, setup.cloud.serverOf(ip)], [0, null]);
});

Deno.test("without a configuration, with the token of a file: any floating IP of the project", async () => {
  await using setup = await setUp();
  const token = ["--token-file", setup.tokenFile];
  for (const [name, id] of [["131.232.99.2", 42], ["floating-12", 43], ["12", 42]] as const) {
    const { code, err } = await setup.without("takeover", "--ip", name, "--to", `${id}`, ...token);
    assertEquals([code, err, setup.cloud.serverOf("131.232.99.2")], [0, "", id]);
  }
  const both = await setup.without("addresses", ...token, "--user", "FOO");
  assertEquals(both.code, 2);
});

Deno.test("addresses: all floating and alias IPs of the project, with their servers", async () => {
  await using setup = await setUp();
  setup.cloud.setAliasIps(42, 7, ["10.0.0.9"]);
  const { code, out, err } = await setup.ask("addresses");
  assertEquals([code, err], [0, ""]);
  assertEquals(out.split("\n").map((line) => line.trim().split(/ {2,}/)), [
    ["ADDRESS", "POINTS TO", "SERVER", "STATUS"],
    ["131.232.99.1 (web)", "42 (one)"],
    ["131.232.99.2 (floating-12)", "nowhere"],
    ["10.0.0.9 (alias in network 7)", "42 (one)"],
    [""],
  ]);
  const json = JSON.parse((await setup.ask("addresses", "--json")).out);
  assertEquals(json[0], {
    ip,
    provider: "hetzner-cloud",
    id: 11,
    name: "web",
    server: 42,
    server_name: "one",
    blocked: false,
    network_zone: "eu-central",
    points_to: "42",
    active_server_ip: "42",
  });
});

Deno.test("a wrong token is told as a refused login", async () => {
  await using setup = await setUp();
  await Deno.writeTextFile(setup.tokenFile, "another\n");
  const { code, err } = await setup.ask("addresses");
  assertEquals(code, 1);
  assertMatch(err, /^failover addresses: the Hetzner Cloud: UNAUTHORIZED: /);
});

Deno.test("doctor: where the address is, and what would keep it from being moved", async () => {
  await using setup = await setUp();
  const well = await setup.ask("doctor", "--look");
  assertStringIncludes(well.out, `it points to 42; as lord this node asks for 43`);
  setup.cloud.block(ip);
  const { code, out } = await setup.ask("doctor", "--look");
  assertEquals(code, 1);
  assertStringIncludes(out, `address ${ip}: the Hetzner Cloud has blocked the address`);
});
