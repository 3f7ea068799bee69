// One legion that moves an address of the Robot, two on a layer-2 network and one by an HTTP API, all
// at once.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { AnyApiProcess, anyToken } from "../lab/any_api_process.ts";
import { floating, FloatingLan } from "../lab/floating_lan.ts";
import { missing } from "../lab/missing.ts";
import { makeLan } from "../lab/lan.ts";
import { canMakeNetworks, ip as addIp } from "../lab/network.ts";
import type { TestProcess } from "../lab/process.ts";
import { account, failoverAddress, RobotProcess } from "../lab/robot_process.ts";
import { run } from "../lab/run.ts";
import { Supervisor } from "../lab/supervisor.ts";

const isLord = /this node is the lord/;
const ip = "203.0.113.10";
const lacking = await missing(["ip", "arping", "ndptool", "ping"]);
const ignore = !canMakeNetworks || lacking.length > 0;

/** Three servers of which the lord has all of these addresses, and the two APIs. */
async function setUp(toleranceSeconds = 3) {
  await using made = new AsyncDisposableStack();
  const tokenFile = await Deno.makeTempFile();
  made.defer(() => Deno.remove(tokenFile));
  await Deno.writeTextFile(tokenFile, `${anyToken}\n`);
  const lan = made.use(await makeLan(3));
  const robot = made.use(await RobotProcess.start(lan, { switchMs: 100 }));
  const api = made.use(await AnyApiProcess.start(lan));
  for (const server of [0, 1, 2]) {
    for (const address of [failoverAddress, ip]) {
      await addIp("-n", lan.on(server)[3], "address", "add", `${address}/32`, "dev", "lo");
    }
  }
  const login = `username=${account.username},password=${account.password}`;
  const legion = made.use(
    await FloatingLan.make(toleranceSeconds, {
      lan,
      more: (server) =>
        `legion-failback = one manual
legion-lord = one hetzner-failoverip:ip=${failoverAddress},url=${robot.url},${login},active_ip=${
          lan.addresses[server]
        }
legion-lord = one http:any

[http any]
ip = ${ip}
here = web${server + 1}
url = ${api.url}/{ip}/move
body = {"server": "{here}"}
timeout = 4
auth = bearer ${tokenFile}
look-url = ${api.url}/{ip}
look-at = /address/server
`,
    }),
  );
  const stack = made.move();
  return {
    legion,
    robot,
    api,
    /** Runs a subcommand on a server, with its node's configuration. */
    ask: (server: number, ...args: string[]) =>
      run([...args, "--config", `${legion.folder}/${server}.ini`], {
        on: lan.on(server),
        env: { ...legion.env(server), USER: "eve" },
      }),
    /** Waits until a server has all addresses, and no other has one of those that devices have. */
    async isAllAt(server: number) {
      assertEquals([robot.activeServerIp, api.places.at(-1)], [
        lan.addresses[server],
        `web${server + 1}`,
      ]);
      for (const address of floating) {
        for (const each of [0, 1, 2]) await legion.changed(each, address, each === server);
      }
      assertEquals(legion.overlaps, []);
    },
    /** The servers that the APIs were asked for, by their index, in the order of time. */
    asked: () => ({
      robot: robot.asked.map(({ to }) => lan.addresses.indexOf(to)),
      api: api.asked.map((name) => Number(name.slice(3)) - 1),
    }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Does something that ends the title of a server, and gives the one that is lord next. */
async function nextLord(
  nodes: readonly TestProcess[],
  lord: number,
  act: () => Promise<void>,
): Promise<number> {
  const others = [0, 1, 2].filter((server) => server !== lord);
  const next = Promise.any(others.map(async (server) => {
    await nodes[server].line(isLord, nodes[server].lines.length);
    return server;
  }));
  await Promise.all([act(), next]);
  return await next;
}

Deno.test({
  name: "all addresses follow the lord: at a handover, a drain, and when it is killed",
  ignore,
  async fn() {
    await using stage = await setUp();
    const { legion, ask, asked, isAllAt } = stage;
    const nodes = await legion.startAll();
    await isAllAt(0);
    assertEquals(asked(), { robot: [0], api: [0] });

    // On a busy machine either of the others may be the next.
    const second = await nextLord(nodes, 0, async () => {
      const { code, err } = await ask(0, "handover");
      assertEquals([code, err], [0, ""]);
    });
    await isAllAt(second);

    const third = await nextLord(nodes, second, async () => {
      const { code, err } = await ask(second, "drain");
      assertEquals([code, err], [0, ""]);
    });
    await isAllAt(third);

    const before = asked();
    const fourth = await nextLord(nodes, third, async () => void await nodes[third].end("SIGKILL"));
    await isAllAt(fourth);
    const after = asked();
    for (const [all, known] of [[after.robot, before.robot], [after.api, before.api]]) {
      assertEquals([all.length - known.length, all.at(-1)], [1, fourth]);
      // Nobody asked for an address that another was about to have.
      const places = all.filter((server, index) => server !== all[index - 1]);
      assertEquals(places, [0, second, third, fourth]);
    }
    await legion.firstReplies(Date.now());
  },
});

Deno.test({
  name: "a restart of the lord asks no API for a switch, and no address goes",
  ignore,
  async fn() {
    await using stage = await setUp(8);
    const { legion, asked, isAllAt } = stage;
    legion.start(1);
    legion.start(2);
    await using a = new Supervisor(() => legion.start(0, [], { INVOCATION_ID: "test" }));
    await a.current.line(isLord, 0, 40_000);
    await isAllAt(0);
    const before = asked();
    assertEquals(await legion.restart(0), 0);
    const again = await a.process(1);
    await again.line(isLord);
    assertEquals(asked(), before);
    assertEquals(legion.changes.filter(({ isThere }) => !isThere), []);
    await isAllAt(0);
    assertEquals(await a.stop(), 0);
  },
});

/** The lord web2 has the other three while the API of the fourth address does not give that one. */
async function hasTheOthers({ legion, robot }: Awaited<ReturnType<typeof setUp>>) {
  for (const address of floating) await legion.changed(1, address, true);
  assertEquals(robot.activeServerIp, legion.lan.addresses[1]);
  assertEquals(legion.overlaps, []);
}

Deno.test({
  name: "an API that refuses holds no other address up, and is told until it was asked again",
  ignore,
  async fn() {
    await using stage = await setUp();
    const { legion, api, ask } = stage;
    const [a, b] = await legion.startAll();
    await api.be("refuses");
    await a.end("SIGKILL");
    await b.line(isLord);
    await hasTheOthers(stage);
    assertEquals(api.places, ["web1"]);
    const refused = /refused: HTTP_403: the reply has the status 403: .*not in this region/;
    const { out } = await ask(1, "status");
    assertMatch(out, RegExp(`lord hook \\(line \\d+\\): failed: ${refused.source}`));
    assertMatch(out, /critical: 203\.0\.113\.10 is not known to be here: it pointed /);
    assertMatch(out, /4\.4\.4\.4 points to 10\.77\.0\.2, seen/);
    assertMatch(out, /lord hook address \(line \d+\): ok/);

    await api.be("takes");
    const moved = await ask(1, "takeover", "--ip", ip);
    assertEquals([moved.code, moved.err.replaceAll(/^(warning|note): .*\n/gm, "")], [0, ""]);
    const mended = await ask(1, "status");
    assertMatch(mended.out, /203\.0\.113\.10 points to web2, seen/);
    assertEquals(
      mended.out.split("\n").filter((line) => /^critical|^warning: .*hook/.test(line)),
      [],
    );
  },
});

Deno.test({
  name: "an API that hangs holds no other address up, and the address comes by itself",
  ignore,
  async fn() {
    await using stage = await setUp();
    const { legion, api, ask } = stage;
    const [a, b] = await legion.startAll();
    await api.be("hangs");
    await a.end("SIGKILL");
    await b.line(/4\.4\.4\.4 points to 10\.77\.0\.2/);
    await hasTheOthers(stage);
    // Nothing has ended the fourth one's request yet.
    assertEquals([api.asked.at(-1), b.lines.some((line) => isLord.test(line))], ["web2", false]);
    const { out } = await ask(1, "status");
    assertMatch(out, /taking over.*lord hook http/);
    await b.line(/TIMEOUT/);
    await api.be("takes");
    await b.line(/203\.0\.113\.10 points to web2/);
    await b.line(isLord);
    await stage.isAllAt(1);
  },
});

Deno.test({
  name: "status, --check-config, addresses and doctor name them all, and no secret",
  ignore,
  async fn() {
    await using stage = await setUp();
    const { legion, ask } = stage;
    const [a] = await legion.startAll();
    const told = await Promise.all([
      ask(0, "status"),
      ask(0, "node", "--check-config"),
      ask(0, "addresses"),
      ask(0, "doctor", "--look"),
      ask(0, "status", "--json"),
    ]);
    for (const { code, out, err } of told) assertEquals(code, 0, out + err);
    const [status, check, addresses, doctor] = told.map(({ out }) => out);
    assertMatch(status, /4\.4\.4\.4 points to 10\.77\.0\.1, seen/);
    assertMatch(status, /203\.0\.113\.10 points to web1, seen/);
    assertEquals(status.match(/lord hook \S+ \(line \d+\): ok/g)?.length, 4);
    assertMatch(check, /hetzner-failoverip: route 4\.4\.4\.4 to 10\.77\.0\.1/);
    assertMatch(check, /http:any: give 203\.0\.113\.10 to web1/);
    for (const address of floating) {
      assertMatch(check, RegExp(`address: have ${address}/\\d+ on wire`));
    }
    assertMatch(addresses, /^4\.4\.4\.4 +10\.77\.0\.1 .* FOO$/m);
    assertMatch(addresses, /^203\.0\.113\.10 +web1 .* the API of \[http any\]$/m);
    assertMatch(doctor, /address 4\.4\.4\.4: it points to 10\.77\.0\.1/);
    assertMatch(doctor, /address 203\.0\.113\.10: it points to web1/);
    const all = [...told.map(({ out, err }) => out + err), ...a.lines].join("\n");
    assert(![anyToken, account.password].some((secret) => all.includes(secret)));
  },
});
