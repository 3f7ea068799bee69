// A legion that runs goes on with the things that its last process knew of the service.
import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import type { LegionConfig } from "../../lib/config/config.ts";
import { systemClock } from "../../lib/base/clock.ts";
import type { Notes } from "../../lib/legion/notes.ts";
import { noMemory, type RememberedService } from "../../lib/node/memory/memory.ts";
import { openUdp } from "../../lib/node/transport.ts";
import { freePorts } from "../lab/free_ports.ts";
import { settingsFor, startRobot } from "../lab/robot.ts";
import { soon } from "../lab/soon.ts";
import { noted } from "../legion/noted.ts";
import { bind } from "./bind.ts";
import { commandHook, hook, legionConfig } from "./legion_config.ts";

const isLord = /this node is the lord/;
// Longer than a look takes on a busy machine.
const toleranceMs = 2_000;

/** A legion of this node alone, whose last process left these notes. */
async function resumed(
  notes: Partial<Notes>,
  changed: Partial<LegionConfig>,
  service: RememberedService = { checks: [] },
) {
  const [port] = freePorts(1);
  const config = legionConfig({ address: { host: "127.0.0.1", port }, ...changed });
  const { node, voters, quorum, valor } = config;
  const own = noted({ name: "a", node, voters, quorum, configuredValor: valor, valor, ...notes });
  const kept: RememberedService[] = [];
  const memory = {
    ...noMemory,
    past: { kind: "noted", notes: own } as const,
    service,
    noteService: (service: RememberedService) => void kept.push(service),
  };
  const node_ = await bind(config, "a", openUdp, () => {}, systemClock, () => {}, () => [], memory);
  return { ...node_, kept };
}

Deno.test("a lord that takes up again looks once, and asks for no switch", async () => {
  await using robot = await startRobot();
  robot.route("4.4.4.4", "1.1.1.1");
  const action = { kind: "hetzner-failoverip", settings: settingsFor(robot) };
  const hooks = [hook("lord", action), commandHook("lord", "echo resumed: $FAILOVER_RESUMED")];
  const { runner, lines, logged } = await resumed({ lordship: "lord" }, { hooks, toleranceMs });
  runner.start();
  await logged(isLord);
  // The look at the start would come a tolerance after it.
  await delay(toleranceMs + 200);
  await runner.stop();
  assertEquals([robot.count("GET"), robot.count("POST")], [1, 0]);
  assertEquals(lines.filter((line) => /resumed: /.test(line)), ["info resumed: 1"]);
});

Deno.test("a lord whose login fails right after its restart stays lord", async () => {
  await using robot = await startRobot();
  robot.fail({ kind: "error", status: 401, code: "UNAUTHORIZED" });
  const action = { kind: "hetzner-failoverip", settings: settingsFor(robot) };
  const changed = { hooks: [hook("lord", action)], toleranceMs };
  const { runner, logged } = await resumed({ lordship: "lord" }, changed);
  runner.start();
  await logged(isLord);
  await delay(toleranceMs + 200);
  const { state, stands_back, addresses } = runner.stats();
  await runner.stop();
  assertEquals([state, stands_back, robot.requests.length], ["lord", [], 1]);
  assertEquals(addresses[0].problem.split(": ")[0], "presumed there");
});

Deno.test("a node that does not take up again looks at its addresses a tolerance after its start", async () => {
  await using robot = await startRobot();
  const action = { kind: "hetzner-failoverip", settings: settingsFor(robot) };
  const changed = { hooks: [hook("lord", action)], quorum: 2 };
  const { runner, logged } = await resumed({ lordship: "lord" }, changed);
  runner.start();
  await logged(/preflight: 4\.4\.4\.4 points to 2\.2\.2\.2/);
  await runner.stop();
  assertEquals([robot.count("GET"), robot.count("POST")], [1, 0]);
});

Deno.test("a lord whose checks passed before its restart does not stand back", async () => {
  await using robot = await startRobot();
  const port = Number(new URL(robot.url).port);
  const check = {
    file: "test.ini",
    line: 3,
    name: "web",
    probe: { kind: "tcp", address: { host: "127.0.0.1", port } } as const,
    intervalMs: 50,
    timeoutMs: 1_000,
    rise: 2,
    fall: 3,
    leader: false,
  };
  const before = { name: "web", kind: "tcp", sinceWallMs: 1_000, output: "well" } as const;
  const service = { checks: [{ ...before, state: "passing" } as const] };
  const { runner, lines, logged, kept } = await resumed(
    { lordship: "lord" },
    { checks: [check] },
    service,
  );
  runner.start();
  await logged(isLord);
  await runner.stop();
  assertEquals(lines.filter((line) => /stands back/.test(line)), []);
  assertEquals(kept[0], { ...service, drain: undefined, refused: [] });
});

Deno.test("a node that was drained before its restart is drained", async () => {
  const drain = { by: "ann", sinceWallMs: 1_000, untilWallMs: Infinity };
  const { runner, logged } = await resumed({ valor: 0 }, {}, { checks: [], drain });
  runner.start();
  await logged(/drained by ann until failover resume \(from before the restart\)/);
  assertEquals(runner.stats().drained, { by: "ann", since: 1, until: 0 });
  assertEquals(runner.resume("ann"), true);
  await soon(logged(isLord));
  await runner.stop();
});

Deno.test("a node that took leave of its legion remembers no drain", async () => {
  const drain = { by: "ann", sinceWallMs: 1_000, untilWallMs: Infinity };
  const { runner, logged } = await resumed({ end: "leave" }, {}, { checks: [], drain });
  runner.start();
  await logged(isLord);
  assertEquals(runner.stats().drained, null);
  await runner.stop();
});

for (const [end, asked] of [[undefined, 0], ["restart", 1]] as const) {
  const how = end === undefined ? "a crash" : "failover restart";
  Deno.test(`after ${how} a login that was refused is asked for ${asked} times, and keeps back`, async () => {
    await using robot = await startRobot();
    const settings = settingsFor(robot, { password: "WRONG" });
    const hooks = [hook("lord", { kind: "hetzner-failoverip", settings })];
    const login = { provider: "hetzner-robot", ips: ["4.4.4.4"], failedWallMs: 1_000 };
    const service = { checks: [], refused: [login] };
    const { runner, lines, logged } = await resumed({ valor: 0, end }, { hooks }, service);
    runner.start();
    await logged(/preflight: 4\.4\.4\.4 could not be taken over now/);
    const { stands_back } = runner.stats();
    await runner.stop();
    assertEquals([stands_back.map(({ kind }) => kind), robot.requests.length], [
      ["refused"],
      asked,
    ]);
    assertEquals(lines.filter((line) => /taking over/.test(line)), []);
  });
}
