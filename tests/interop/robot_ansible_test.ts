// Ansible's modules for failover addresses, which work with the Robot, meet the simulator as they meet
// the service: at its own name, over TLS, in a network where nothing else is.
import { assertEquals, assertMatch } from "@std/assert";
import { makeCertificate } from "../lab/certificate.ts";
import { makeIsland } from "../lab/island.ts";
import { named } from "../lab/named.ts";
import { canMakeNetworks } from "../lab/network.ts";
import { TestProcess } from "../lab/process.ts";
import type { SimulatorOptions } from "../../lib/robot/simulator.ts";

const robotHost = "robot-ws.your-server.de";
const modules = "ansible_collections.community.hrobot.plugins.modules";

/** Runs Debian's Python with these words and this input; the result is its standard output. */
async function python(words: readonly string[], input = "", before: readonly string[] = []) {
  const [command, ...args] = [...before, "/usr/bin/python3", ...words];
  const io = { stdin: "piped", stdout: "piped", stderr: "null" } as const;
  const child = new Deno.Command(command, { args, ...io }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout } = await child.output();
  return { success, out: new TextDecoder().decode(stdout) };
}

// Debian's package `ansible`.
const hasAnsible = await python(["-c", `import ${modules}.failover_ip`])
  .then(({ success }) => success, () => false);

async function setUp() {
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const island = made.use(await makeIsland());
  const tls = makeCertificate({ host: robotHost });
  await Deno.writeTextFile(`${folder}/robot.pem`, tls.cert);
  const options: Partial<SimulatorOptions> = {
    port: 443,
    tls,
    servers: [
      { number: 1, ip: "1.1.1.1", ipv6Net: "2a01:4f8:1::" },
      { number: 2, ip: "2.2.2.2", ipv6Net: "2a01:4f8:2::" },
    ],
    failovers: [{ ip: "4.4.4.4", activeServerIp: "2.2.2.2" }, { ip: "2a01:4f8:fff1::" }],
  };
  const script = new URL("../lab/lone_robot.ts", import.meta.url).pathname;
  const deno = [Deno.execPath(), "run", "--quiet", "-P", script, JSON.stringify(options)];
  const [command, ...args] = [...island.on, ...deno];
  const robot = made.use(new TestProcess({ name: "Robot", command, args }));
  const from = await robot.line(/^https:/);
  const stack = made.move();
  const before = [
    ...island.on,
    ...named(robotHost, "127.0.0.1", `${folder}/hosts`),
    ...["env", `SSL_CERT_FILE=${folder}/robot.pem`],
  ];
  return {
    /** Runs a module with these settings; the result is its answer. */
    async module(name: string, settings: Record<string, unknown>) {
      const input = { hetzner_user: "FOO", hetzner_password: "BAR", ...settings };
      const text = JSON.stringify({ ANSIBLE_MODULE_ARGS: input });
      return JSON.parse((await python(["-m", `${modules}.${name}`], text, before)).out);
    },
    /** The requests so far, of which there are to be this many. */
    async requests(count: number) {
      await robot.line(/^/, from + count - 1);
      return robot.lines.slice(from);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

interface Row {
  readonly what: string;
  readonly module?: string;
  readonly settings: Record<string, unknown>;
  /** The fields of the module's answer. */
  readonly answer?: Record<string, unknown>;
  /** The message of a module that fails. */
  readonly failure?: RegExp;
  readonly requests: readonly string[];
}

const ip = { failover_ip: "4.4.4.4" };
const subnet = { failover_ip: "2a01:4f8:fff1::" };

// One after the other, at one Robot.
const rows: readonly Row[] = [
  {
    what: "where an address points",
    module: "failover_ip_info",
    settings: ip,
    answer: {
      changed: false,
      failover_ip: "4.4.4.4",
      failover_netmask: "255.255.255.255",
      server_ip: "1.1.1.1",
      server_number: 1,
      state: "routed",
      value: "2.2.2.2",
    },
    requests: ["GET /failover/4.4.4.4: 200"],
  },
  {
    what: "a switch",
    settings: { ...ip, value: "1.1.1.1" },
    answer: { changed: true, state: "routed", value: "1.1.1.1" },
    requests: ["GET /failover/4.4.4.4: 200", "POST /failover/4.4.4.4: 200"],
  },
  {
    what: "a switch to where it points",
    settings: { ...ip, value: "1.1.1.1" },
    answer: { changed: false, state: "routed", value: "1.1.1.1" },
    requests: ["GET /failover/4.4.4.4: 200"],
  },
  {
    what: "a switch to a server of nobody",
    settings: { ...ip, value: "9.9.9.9" },
    failure: /^Request failed: 404 FAILOVER_NEW_SERVER_NOT_FOUND \(.+\)$/,
    requests: [
      "GET /failover/4.4.4.4: 200",
      "POST /failover/4.4.4.4: 404 FAILOVER_NEW_SERVER_NOT_FOUND",
    ],
  },
  {
    what: "the end of a routing",
    settings: { ...ip, state: "unrouted" },
    answer: { changed: true, state: "unrouted", value: null },
    requests: ["GET /failover/4.4.4.4: 200", "DELETE /failover/4.4.4.4: 200"],
  },
  {
    what: "an address that points nowhere",
    module: "failover_ip_info",
    settings: ip,
    answer: { state: "unrouted", value: null },
    requests: ["GET /failover/4.4.4.4: 200"],
  },
  {
    what: "a switch of a subnet",
    settings: { ...subnet, value: "2a01:4f8:2::" },
    answer: { changed: true, state: "routed", value: "2a01:4f8:2::" },
    requests: ["GET /failover/2a01:4f8:fff1::: 200", "POST /failover/2a01:4f8:fff1::: 200"],
  },
  {
    what: "no such address",
    module: "failover_ip_info",
    settings: { failover_ip: "5.5.5.5" },
    failure: /^Request failed: 404 NOT_FOUND \(.+\)$/,
    requests: ["GET /failover/5.5.5.5: 404 NOT_FOUND"],
  },
  {
    what: "a wrong password",
    module: "failover_ip_info",
    settings: { ...ip, hetzner_password: "wrong" },
    failure: /^Request failed: 401 UNAUTHORIZED \(.+\)$/,
    requests: ["GET /failover/4.4.4.4: 401 UNAUTHORIZED"],
  },
  {
    what: "the right one afterwards",
    module: "failover_ip_info",
    settings: ip,
    answer: { state: "unrouted" },
    requests: ["GET /failover/4.4.4.4: 200"],
  },
];

Deno.test({
  name: "ansible's modules move, look at and release addresses of the simulator",
  ignore: !canMakeNetworks || !hasAnsible,
  async fn(t) {
    await using robot = await setUp();
    const sent: string[] = [];
    for (const { what, module = "failover_ip", settings, answer, failure, requests } of rows) {
      await t.step(what, async () => {
        const told = await robot.module(module, settings);
        sent.push(...requests);
        assertEquals(await robot.requests(sent.length), sent);
        if (failure !== undefined) assertMatch(told.msg, failure);
        else assertEquals({ ...told, ...answer }, told);
      });
    }
  },
});
