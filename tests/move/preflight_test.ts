import { assertEquals, assertMatch } from "@std/assert";
import type { AddressSight } from "../../lib/move/context.ts";
import { preflight } from "../../lib/move/preflight.ts";
import { startSimulator } from "../../lib/robot/simulator.ts";
import { keptAddress, startRobot } from "../lab/robot.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";

async function run(changed: Parameters<typeof keptAddress>[1]) {
  await using robot = await startRobot();
  const lines: string[] = [];
  const log = (level: string, message: string) => void lines.push(`${level} ${message}`);
  const { signal } = new AbortController();
  const sights: AddressSight[] = [];
  const seen = (sight: AddressSight) => void sights.push(sight);
  await preflight(keptAddress(robot, changed), { signal, log, seen, guard: new AccountGuard() });
  return {
    sights,
    lines,
    requests: robot.requests.map(({ method, outcome }) => `${method} ${outcome}`),
  };
}

Deno.test("it tells where the address points", async () => {
  const { lines, requests, sights } = await run({});
  assertEquals(sights, [{
    provider: "hetzner-robot",
    ip: "4.4.4.4",
    wanted: "1.1.1.1",
    pointsTo: "2.2.2.2",
  }]);
  assertEquals(lines, ["info preflight: 4.4.4.4 points to 2.2.2.2"]);
  assertEquals(requests, ["GET 200"]);
});

Deno.test("a wrong password shows at once, and is sent once", async () => {
  const { lines, requests } = await run({ password: "WRONG-PASSWORD" });
  assertMatch(
    lines[0],
    /^error preflight: 4\.4\.4\.4 could not be taken over now: UNAUTHORIZED: /,
  );
  assertEquals([lines.length, lines[0].includes("WRONG-PASSWORD")], [1, false]);
  assertEquals(requests, ["GET 401 UNAUTHORIZED"]);
});

Deno.test("an address that is not on the account, and a name that does not resolve", async () => {
  await using other = await startRobot();
  const unknown = { ip: "5.5.5.5", url: other.failoverUrl("5.5.5.5") };
  assertMatch((await run(unknown)).lines[0], /NOT_FOUND: /);
  const nowhere = { url: "https://robot.invalid/failover/4.4.4.4" };
  assertMatch((await run(nowhere)).lines[0], /(ENOTFOUND|EAI_AGAIN): /);
});

Deno.test("preflight=0: nothing is asked", async () => {
  assertEquals(await run({ preflight: false }), { sights: [], lines: [], requests: [] });
});

Deno.test("a node that stops does not wait for it, and says nothing of it", async () => {
  await using robot = await startRobot();
  robot.fail({ kind: "hang" });
  const guard = new AccountGuard();
  const abort = new AbortController();
  const lines: string[] = [];
  const log = (_level: string, message: string) => void lines.push(message);
  const running = preflight(keptAddress(robot), {
    signal: abort.signal,
    log,
    seen: () => {},
    guard,
  });
  await robot.arrived("GET");
  abort.abort();
  await running;
  assertEquals(lines, []);
});

Deno.test("it knows the main subnet of this server, where the subnet belongs to it", async () => {
  await using robot = await startSimulator({
    accounts: [{ username: "FOO", password: "BAR" }],
    servers: [{ number: 1, ip: "1.1.1.1", ipv6Net: "2a01:4f8:1::" }],
    failovers: [{ ip: "2a01:4f8:fff1::" }],
  });
  const url = robot.failoverUrl("2a01:4f8:fff1::");
  const told = async (activeServerIp: string, localHosts: string[]) => {
    const lines: string[] = [];
    await preflight(keptAddress(robot, { ip: "2a01:4f8:fff1::", activeServerIp, url }), {
      signal: new AbortController().signal,
      log: (level, message) => void lines.push(`${level} ${message}`),
      seen: () => {},
      guard: new AccountGuard(),
      localHosts: () => localHosts,
    });
    return lines.slice(1);
  };
  assertEquals(await told("2a01:4f8:9::", ["2a01:4f8:1::2"]), [
    "warn preflight: as lord this node routes 2a01:4f8:fff1:: to 2a01:4f8:9::, and the Robot " +
    "knows this server as 2a01:4f8:1::",
  ]);
  assertEquals(await told("2a01:4f8:1:0::", ["2a01:4f8:1::2"]), []);
  assertEquals(await told("2a01:4f8:9::", ["2a01:4f8:9::2"]), []);
});
