import { assert, assertEquals } from "@std/assert";
import { ActionCare } from "../../lib/node/action_care.ts";
import type { RememberedRefusal } from "../../lib/node/memory/memory.ts";
import type { AddressSight } from "../../lib/move/context.ts";
import { keptAddress, settingsFor, startRobot } from "../lab/robot.ts";
import { startSimulator } from "../../lib/robot/simulator.ts";
import { HandClock } from "../lab/hand_clock.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import { soon } from "../lab/soon.ts";

async function setUp(
  seen: () => void = () => {},
  { guard = new AccountGuard(), password = "BAR" } = {},
) {
  const robot = await startRobot();
  robot.route("4.4.4.4", "1.1.1.1");
  const lines: string[] = [];
  const told: (readonly string[])[] = [];
  let remembered: readonly RememberedRefusal[] = [];
  // So often as no configuration allows.
  const failoverip = settingsFor(robot, { verifyMs: 10, password });
  const actions = [{ kind: "hetzner-failoverip", settings: failoverip }, {
    kind: "log",
    settings: { text: "" },
  }] as const;
  const log = (level: string, message: string) => void lines.push(`${level} ${message}`);
  const care = new ActionCare(actions, {
    log,
    seen,
    guard,
    recheck() {},
    moves() {},
    refused(logins) {
      told.push(logins.map(({ why }) => why));
      remembered = logins.map(({ why: _, ...login }) => login);
    },
  });
  return { robot, care, lines, actions, told, remembered: () => remembered };
}

Deno.test("the looks begin with the lordship and end with it", async () => {
  const { robot, care } = await setUp();
  robot.fail({ kind: "hang" });
  care.lord(false);
  care.lord(true);
  care.lord(true);
  await soon(robot.arrived("GET"));
  care.lord(false);
  assertEquals((await soon(robot.ended("GET"))).outcome, "gone");
  // One would follow every 10 ms.
  await new Promise((resolve) => setTimeout(resolve, 100));
  assertEquals(robot.count("GET"), 1);
  care.lord(true);
  await soon(robot.ended("GET", 3));
  await care.close();
  await robot.close();
});

Deno.test("nine addresses of an account: one request at the start, and one each time as lord", async () => {
  const ips = Array.from({ length: 9 }, (_, at) => `4.4.4.${at}`);
  const robot = await startSimulator({
    accounts: [{ username: "FOO", password: "BAR" }],
    servers: [{ number: 1, ip: "1.1.1.1" }],
    failovers: ips.map((ip) => ({ ip })),
  });
  const sights: AddressSight[] = [];
  const clock = new HandClock();
  const waiting = Promise.withResolvers<void>();
  const allSeen = Promise.withResolvers<void>();
  const care = new ActionCare(
    ips.map((ip) => {
      return {
        kind: "hetzner-failoverip",
        settings: settingsFor(robot, { ip, url: robot.failoverUrl(ip) }),
      };
    }),
    {
      log() {},
      seen: (sight) => sights.push(sight) === 2 * ips.length && allSeen.resolve(),
      guard: new AccountGuard(),
      recheck() {},
      moves() {},
      refused() {},
      wait: (ms) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        clock.at(clock.now().monotonicMs + ms, resolve);
        if (clock.alarms === ips.length) waiting.resolve();
        return promise;
      },
    },
  );
  care.preflight();
  await soon(robot.ended("GET"));
  care.lord(true);
  await soon(waiting.promise);
  clock.pass(300_000);
  await soon(robot.ended("GET", 2));
  await soon(allSeen.promise);
  assertEquals(robot.requests.map(({ path }) => path), ["/failover", "/failover"]);
  // Waits by the clock of this test end with it.
  care.lord(false);
  clock.pass(300_000);
  await care.close();
  await robot.close();
});

Deno.test("closed while a look is on its way: it is broken off, and none follows", async () => {
  const { robot, care, lines } = await setUp();
  robot.fail({ kind: "hang" });
  care.lord(true);
  await soon(robot.arrived("GET"));
  await care.close();
  assertEquals([robot.count("GET"), lines], [1, []]);
  await robot.close();
});

Deno.test("a node that stops does not wait for its preflight", async () => {
  const { robot, care, lines } = await setUp();
  robot.fail({ kind: "hang" });
  care.preflight();
  await soon(robot.arrived("GET"));
  await care.close();
  assertEquals(lines, []);
  await robot.close();
});

Deno.test("other actions are looked after at once: as at a start, and as lord", async () => {
  const { robot, care } = await setUp();
  const own = settingsFor(robot, { verifyMs: 10, preflight: false });
  const log = { kind: "log", settings: { text: "" } } as const;
  care.replace([log]);
  assertEquals(robot.count("GET"), 0);
  care.replace([{ kind: "hetzner-failoverip", settings: { ...own, preflight: true } }]);
  await soon(robot.ended("GET", 1));
  care.lord(true);
  care.replace([log, { kind: "hetzner-failoverip", settings: own }]);
  await soon(robot.ended("GET", robot.count("GET") + 2));
  await care.close();
  await robot.close();
});

Deno.test("a lord takes an address that a reload brings at once, whatever verify and reclaim are", async () => {
  const { robot, care } = await setUp();
  const settings = settingsFor(robot, { verifyMs: 0, reclaim: false });
  care.replace([]);
  robot.route("4.4.4.4", "2.2.2.2");
  care.lord(true);
  care.replace([{ kind: "hetzner-failoverip", settings }]);
  await soon(robot.pointsTo("4.4.4.4", "1.1.1.1"));
  await care.close();
  assertEquals(robot.requests.map(({ method }) => method), ["GET", "POST"]);
  await robot.close();
});

Deno.test("a mistake in a look is logged, and ends nothing else", async () => {
  const { robot, care, lines } = await setUp(() => {
    throw new Error("broken");
  });
  const told = "error a look at an action failed: broken";
  const logged = async (count: number) => {
    await until(() => lines.length >= count);
    assertEquals(lines, Array(count).fill(told));
  };
  care.preflight();
  await logged(1);
  care.lord(true);
  await logged(2);
  await care.close();
  await robot.close();
});

Deno.test("its end waits for the looks to end", async () => {
  const guard = new AccountGuard();
  const { robot, care } = await setUp(() => {}, { guard });
  const turn = Promise.withResolvers<void>();
  const held = guard.inTurn(keptAddress(robot).account, () => turn.promise);
  const queued = Promise.withResolvers<void>();
  const inTurn = guard.inTurn.bind(guard);
  guard.inTurn = (...of) => {
    queued.resolve();
    return inTurn(...of);
  };
  care.preflight();
  await soon(queued.promise);
  let isClosed = false;
  const closed = care.close().then(() => isClosed = true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertEquals(isClosed, false);
  turn.resolve();
  await Promise.all([held, closed]);
  assertEquals(robot.count("GET"), 0);
  await robot.close();
});

Deno.test("the same actions once more change nothing: a look that is on its way goes on", async () => {
  const { robot, care, actions } = await setUp();
  robot.fail({ kind: "hang" });
  care.lord(true);
  const look = await soon(robot.arrived("GET"));
  care.replace(structuredClone(actions));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertEquals([look.outcome, robot.count("GET")], [undefined, 1]);
  await care.close();
  await robot.close();
});

Deno.test("only what is new is looked at as at a start", async () => {
  const { robot, care, actions } = await setUp();
  care.replace([...actions, { kind: "log", settings: { text: "new" } }]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertEquals(robot.count("GET"), 0);
  const [{ settings }] = actions;
  care.replace([...actions, {
    kind: "hetzner-failoverip",
    settings: { ...settings, verifyMs: 0 },
  }]);
  await soon(robot.ended("GET"));
  await care.close();
  assertEquals(robot.count("GET"), 1);
  await robot.close();
});

/** Resolves once the condition is true, and fails after 5 s. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert(tries < 500);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const refusal = "the Robot refuses the login for 4.4.4.4: correct it, then: failover resume";

Deno.test("a login that is refused is told, until other actions have another", async () => {
  const { robot, care, actions, told } = await setUp(() => {}, { password: "WRONG" });
  care.preflight();
  await until(() => told.at(-1)?.[0] === refusal);
  const [{ settings }] = actions;
  const second = { kind: "hetzner-failoverip", settings: { ...settings, ip: "5.5.5.5" } } as const;
  care.replace([...actions, second]);
  await until(() => told.at(-1)?.[0] === refusal.replace("4.4.4.4", "4.4.4.4 and 5.5.5.5"));
  care.replace([{
    kind: "hetzner-failoverip",
    settings: settingsFor(robot, { preflight: false }),
  }]);
  await until(() => told.at(-1)?.length === 0);
  await care.close();
  await robot.close();
});

Deno.test("a login put right at the provider is tried once more at a reload", async () => {
  const { robot, care, actions, told, lines } = await setUp();
  for (let times = 0; times < 2; times++) {
    robot.fail({ kind: "error", status: 401, code: "UNAUTHORIZED" });
  }
  care.preflight();
  await until(() => told.at(-1)?.[0] === refusal);
  care.replace(actions);
  const hasFailedTwice = () => lines.filter((line) => line.includes("UNAUTHORIZED")).length === 2;
  await until(hasFailedTwice);
  assertEquals(told.at(-1), [refusal]);
  // The reason stays until the provider has answered.
  const before = told.length;
  care.replace(actions);
  assertEquals(told.slice(before), [[refusal]]);
  await until(() => told.at(-1)?.length === 0);
  await care.close();
  assertEquals(robot.count("GET"), 3);
  await robot.close();
});

Deno.test("an address that is only presumed to point here is looked at until that is known", async () => {
  const robot = await startRobot();
  robot.fail({ kind: "reset" });
  const waited: number[] = [];
  const settings = settingsFor(robot, { verifyMs: 0 });
  const sights: string[] = [];
  const care = new ActionCare([{ kind: "hetzner-failoverip", settings }], {
    log() {},
    seen: ({ problem = "known" }) => void sights.push(problem.split(":")[0]),
    guard: new AccountGuard(),
    recheck() {},
    moves() {},
    refused() {},
    wait(ms) {
      waited.push(ms);
      return Promise.resolve();
    },
  });
  care.lord(true);
  care.lord(false);
  assertEquals(waited, []);
  care.unsettled("4.4.4.4");
  care.lord(true);
  await soon(robot.ended("POST"));
  await until(() => sights.length === 3);
  care.lord(false);
  care.lord(true);
  await care.close();
  // The title was kept, lost and won once more; the doubt was over before.
  assertEquals([robot.count("GET"), robot.count("POST"), waited], [2, 1, [10_000, 30_000]]);
  assertEquals(sights, ["ECONNRESET", "known", "known"]);
  await robot.close();
});

const loginOf = (ip: string) => ({ provider: "hetzner-robot", ips: [ip], failedWallMs: 1_000 });

Deno.test("a login that was refused before a crash is asked for by order alone", async () => {
  const { robot, care, actions, told, lines, remembered } = await setUp();
  care.haveFailed([loginOf("5.5.5.5"), loginOf("4.4.4.4")]);
  care.tellRefused();
  assertEquals([told, remembered()], [[[refusal]], [loginOf("4.4.4.4")]]);
  care.preflight(false);
  const isTold = (line: string) =>
    line.includes("not asked: the login failed at 1970-01-01T00:00:01.000Z");
  await until(() => lines.some(isTold));
  assertEquals([robot.requests.length, told.at(-1)], [0, [refusal]]);
  care.replace(actions);
  await until(() => told.at(-1)?.length === 0);
  assertEquals([robot.count("GET"), remembered()], [1, []]);
  await care.close();
  await robot.close();
});

Deno.test("a login that was refused before a restart by order is tried once more", async () => {
  const { robot, care, told } = await setUp(() => {}, { password: "WRONG" });
  care.haveFailed([loginOf("4.4.4.4")]);
  care.preflight();
  await soon(robot.ended("GET"));
  await care.close();
  assertEquals([robot.requests.length, told.every(([why]) => why === refusal)], [1, true]);
  await robot.close();
});

Deno.test("an address in trouble is looked at again while this node is not lord, until all is well", async () => {
  await using robot = await startRobot();
  const turns: PromiseWithResolvers<void>[] = [];
  const sights: string[] = [];
  const seen = ({ problem = "known" }: AddressSight) => void sights.push(problem.split(":")[0]);
  const settings = settingsFor(robot, { preflight: false });
  const care = new ActionCare([{ kind: "hetzner-failoverip", settings }], {
    log() {},
    seen,
    guard: new AccountGuard(),
    recheck() {},
    moves() {},
    refused() {},
    wait(_, { signal }) {
      const turn = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => turn.reject(signal.reason));
      turns.push(turn);
      return turn.promise;
    },
  });
  const failed = { provider: "", ip: "4.4.4.4", wanted: "1.1.1.1", problem: "try later: LOCKED" };
  // A takeover has failed, and failed once more.
  care.seen(failed);
  care.seen(failed);
  assertEquals(turns.length, 1);
  // Lord, this node has its watch; then it has lost the title again.
  care.lord(true);
  care.lord(false);
  assertEquals(turns.length, 3);
  robot.fail({ kind: "reset" });
  turns[2].resolve();
  await until(() => sights.length === 1);
  await until(() => turns.length === 4);
  turns[3].resolve();
  await until(() => sights.length === 2);
  assertEquals([sights, robot.count("GET")], [["ECONNRESET", "known"], 2]);
  care.lord(true);
  care.lord(false);
  // The watch alone has waited since.
  assertEquals(turns.length, 5);
  await care.close();
});

Deno.test("an address is looked at once by order, in whichever spelling, and others are not", async () => {
  let sights = 0;
  const { robot, care } = await setUp(() => void sights++);
  await care.look("4.4.4.4");
  await care.look("5.5.5.5");
  assertEquals([robot.count("GET"), sights], [1, 1]);
  await care.close();
  await robot.close();
});

Deno.test("an address in trouble is looked at once more at a reload, whatever preflight is", async () => {
  const { robot, care } = await setUp();
  const action = {
    kind: "hetzner-failoverip",
    settings: settingsFor(robot, { preflight: false }),
  };
  await care.replace([action]);
  assertEquals([robot.count("GET"), care.hasTrouble], [0, false]);
  const about = { provider: "hetzner-robot", ip: "4.4.4.4", wanted: "1.1.1.1" };
  care.seen({ ...about, problem: "try later: ECONNREFUSED: no connection" });
  assertEquals(care.hasTrouble, true);
  await care.replace([action]);
  assertEquals([robot.count("GET"), care.hasTrouble], [1, false]);
  await care.replace([action]);
  await care.close();
  assertEquals(robot.count("GET"), 1);
  await robot.close();
});
