import { assert, assertEquals, assertRejects } from "@std/assert";
import type { KeptSettings } from "../../lib/robot/provider.ts";
import { getFailover } from "../../lib/robot/client.ts";
import type { Fault, Simulator } from "../../lib/robot/simulator.ts";
import type { MoveProgress, MoveRun } from "../../lib/move/move_address.ts";
import { accessTo, release, startRobot, takeover } from "../robot/_setup.ts";

/** A clock that only waits move, and what was waited for. */
function virtualTime(onWait: (waited: number) => void = () => {}) {
  let nowMs = 0;
  const waits: number[] = [];
  const run: MoveRun = {
    now: () => nowMs,
    random: () => 0,
    wait: (ms, { signal }) => {
      signal?.throwIfAborted();
      nowMs += ms;
      waits.push(ms);
      onWait(waits.length);
      return Promise.resolve();
    },
  };
  return { run, waits, advance: (ms: number) => nowMs += ms };
}

function optionsFor(robot: Simulator, ip?: string) {
  return { ...accessTo(robot, ip), deadlineMs: 180_000 };
}

interface Row {
  readonly title: string;
  readonly faults: readonly Fault[];
  readonly outcome: string;
  readonly code?: string;
  readonly posts: number;
  readonly gets: number;
}

const error = (status: number, code: string, more: Partial<Fault> = {}): Fault =>
  ({ kind: "error", status, code, ...more }) as Fault;
const html = (status: number, more: Partial<Fault> = {}): Fault =>
  ({ kind: "body", status, body: "<html>no</html>", ...more }) as Fault;
const times = (count: number, fault: Fault) => Array.from({ length: count }, () => fault);
const post = { method: "POST" } as const;
const get = { method: "GET" } as const;

// The limits of number; each circumstance by itself is in tests/robot/_circumstances.ts.
const rows: readonly Row[] = [
  {
    title: "200, processing for ever",
    faults: times(20, { kind: "status", status: "processing" }),
    outcome: "unknown",
    code: "PROCESSING",
    posts: 1,
    gets: 15,
  },
  {
    title: "409 FAILOVER_LOCKED for ever",
    faults: times(20, error(409, "FAILOVER_LOCKED", post)),
    outcome: "try later",
    code: "FAILOVER_LOCKED",
    posts: 5,
    gets: 15,
  },
  {
    title: "403 RATE_LIMIT_EXCEEDED to the second POST, of the first of which nothing is known",
    faults: [...times(4, { kind: "reset" }), error(403, "RATE_LIMIT_EXCEEDED")],
    outcome: "unknown",
    code: "RATE_LIMIT_EXCEEDED",
    posts: 2,
    gets: 3,
  },
  {
    title: "500 FAILOVER_FAILED for ever",
    faults: times(20, error(500, "FAILOVER_FAILED", post)),
    outcome: "try later",
    code: "FAILOVER_FAILED",
    posts: 5,
    gets: 5,
  },
  {
    title: "503 in HTML, for ever",
    faults: times(20, html(503)),
    outcome: "try later",
    code: "MAINTENANCE",
    posts: 5,
    gets: 15,
  },
  {
    title: "connections lost for ever",
    faults: times(99, { kind: "reset" }),
    outcome: "unknown",
    code: "ECONNRESET",
    posts: 5,
    gets: 15,
  },
  {
    title: "connections to look lost, after a switch whose reply was lost",
    faults: [{ kind: "reset", after: true }, ...times(3, { kind: "reset" })],
    outcome: "routed",
    posts: 2,
    gets: 3,
  },
  {
    title: "a look that finds a switch running",
    faults: [{ kind: "reset" }, ...times(4, { kind: "status", status: "processing", ...get })],
    outcome: "routed",
    posts: 2,
    gets: 5,
  },
];

for (const { title, faults, outcome, code, posts, gets } of rows) {
  Deno.test(`takeover: ${title}: ${outcome}, ${posts} POSTs, ${gets} GETs`, async () => {
    await using robot = await startRobot();
    robot.fail(...faults);
    // Limits of number are shown here, so time is no limit.
    const options = { ...optionsFor(robot), deadlineMs: 1e9 };
    const result = await takeover(options, virtualTime().run);
    assertEquals(result.outcome, outcome, result.message);
    assertEquals("code" in result ? result.code : undefined, code);
    assertEquals([result.moves, result.looks], [posts, gets]);
    assertEquals([robot.count("POST"), robot.count("GET")], [posts, gets]);
    assertEquals(result.to, "2.2.2.2");
    const there = outcome === "routed" && !faults.some(({ kind }) => kind === "active");
    if (there) assertEquals(robot.activeServerIp("4.4.4.4"), "2.2.2.2");
    assert(!result.message.includes("w0rd"));
  });
}

Deno.test("the outcome is told in one sentence, with where the address points", async () => {
  const told = async (to: string | null, ...faults: Fault[]) => {
    await using robot = await startRobot();
    robot.fail(...faults);
    const options = { ...optionsFor(robot), deadlineMs: 180_000 };
    const { run } = virtualTime();
    const { message } =
      await (to === null
        ? release(options, run)
        : takeover({ ...options, activeServerIp: to }, run));
    return message;
  };
  const active = (activeServerIp: string | null): Fault => ({ kind: "active", activeServerIp });
  const already = error(409, "FAILOVER_ALREADY_ROUTED");
  const elsewhere = "the Robot carried it out, and yet 4.4.4.4 points";
  assertEquals(await told("2.2.2.2"), "4.4.4.4 points to 2.2.2.2");
  assertEquals(await told("2.2.2.2", already), "4.4.4.4 already pointed to 2.2.2.2");
  assertEquals(await told("2.2.2.2", active("3.3.3.3")), `${elsewhere} to 3.3.3.3`);
  assertEquals(await told("2.2.2.2", active(null)), `${elsewhere} nowhere`);
  assertEquals(await told(null), "4.4.4.4 points nowhere");
  assertEquals(await told(null, already), "4.4.4.4 already pointed nowhere");
});

Deno.test("an IPv6 subnet is taken over, whatever the spelling", async () => {
  await using robot = await startRobot();
  const options = {
    ...optionsFor(robot, "2a01:4f8:fff1::"),
    ip: "2A01:4F8:FFF1:0::",
    activeServerIp: "2A01:4F8:2:0:0:0:0:0",
  };
  const result = await takeover(options, virtualTime().run);
  assertEquals([result.outcome, result.moves, result.looks], ["routed", 1, 0]);
  assertEquals(robot.activeServerIp("2a01:4f8:fff1::"), "2a01:4f8:2::");
});

Deno.test("a switch that outlasts the request is looked for until it shows", async () => {
  const { promise, resolve: done } = Promise.withResolvers<void>();
  await using robot = await startRobot({ switchMs: 90_000, wait: () => promise });
  const { run, waits } = virtualTime((count) => count === 2 && done());
  const options = { ...optionsFor(robot), timeoutMs: 300 };
  const result = await takeover(options, run);
  assertEquals([result.outcome, result.moves, result.looks], ["routed", 1, 3]);
  assertEquals([result.from, waits], ["1.1.1.1", [1000, 3000]]);
});

Deno.test("a stranger's lock is waited out", async () => {
  await using robot = await startRobot();
  const unlock = robot.lock("4.4.4.4");
  const { run, waits } = virtualTime((count) => {
    if (count !== 3) return;
    robot.route("4.4.4.4", "3.3.3.3");
    unlock();
  });
  const result = await takeover(optionsFor(robot), run);
  assertEquals([result.outcome, result.from], ["routed", "3.3.3.3"]);
  assertEquals([result.moves, result.looks, robot.activeServerIp("4.4.4.4")], [4, 3, "2.2.2.2"]);
  assertEquals(waits, [1000, 3000, 9000]);
});

Deno.test("while the Robot tells of a running switch, no POST is sent", async () => {
  await using robot = await startRobot({ withStatus: true });
  const unlock = robot.lock("4.4.4.4");
  const { run } = virtualTime((count) => count === 5 && unlock());
  const result = await takeover(optionsFor(robot), run);
  assertEquals([result.outcome, result.moves, result.looks], ["routed", 2, 5]);
});

Deno.test("a stranger's switch away from here is no success", async () => {
  await using robot = await startRobot({ withStatus: true });
  robot.route("4.4.4.4", "2.2.2.2");
  const unlock = robot.lock("4.4.4.4");
  const { run } = virtualTime((count) => {
    if (count !== 2) return;
    robot.route("4.4.4.4", "3.3.3.3");
    unlock();
  });
  const result = await takeover(optionsFor(robot), run);
  assertEquals([result.outcome, result.from], ["routed", "3.3.3.3"]);
  assertEquals(robot.activeServerIp("4.4.4.4"), "2.2.2.2");
});

Deno.test("five POSTs at a locked address span a minute", async () => {
  await using robot = await startRobot();
  robot.lock("4.4.4.4");
  const time = virtualTime();
  const posts: number[] = [];
  const onProgress = (progress: MoveProgress) => {
    if (progress.kind === "request" && progress.method === "POST") posts.push(time.run.now!());
  };
  const result = await takeover(optionsFor(robot), { ...time.run, onProgress });
  assertEquals([result.outcome, result.moves], ["try later", 5]);
  assertEquals(posts, [0, 1000, 4000, 13_000, 61_000]);
});

for (
  const [freeMs, times, takenMs] of [
    [9_000, { timeoutMs: 60_000, deadlineMs: 180_000 }, 13_000],
    [30_000, { timeoutMs: 60_000, deadlineMs: 180_000 }, 61_000],
    // The last useful moment: half of a request's time is left for the reply.
    [9_000, { timeoutMs: 10_000, deadlineMs: 30_000 }, 13_000],
    [21_000, { timeoutMs: 10_000, deadlineMs: 30_000 }, 25_000],
  ] as const
) {
  const of = `of ${times.deadlineMs / 1000} s`;
  Deno.test(`a lock that ends after ${freeMs / 1000} s ${of}: taken at ${takenMs / 1000} s`, async () => {
    await using robot = await startRobot();
    const unlock = robot.lock("4.4.4.4");
    const time = virtualTime(() => time.run.now!() >= freeMs && unlock());
    const result = await takeover({ ...optionsFor(robot), ...times }, time.run);
    assertEquals([result.outcome, result.seconds * 1000], ["routed", takenMs]);
  });
}

Deno.test("an address that is here while it is locked, and goes away, is taken back", async () => {
  await using robot = await startRobot();
  robot.route("4.4.4.4", "2.2.2.2");
  const unlock = robot.lock("4.4.4.4");
  const { run } = virtualTime((count) => {
    if (count !== 2) return;
    robot.route("4.4.4.4", "3.3.3.3");
    unlock();
  });
  const result = await takeover(optionsFor(robot), run);
  assertEquals([result.outcome, result.from, result.moves], ["routed", "3.3.3.3", 3]);
});

Deno.test("no connection is tried for as long as there is time, and counts for no quota", async () => {
  const robot = await startRobot();
  const options = optionsFor(robot);
  await robot.close();
  const { run, waits } = virtualTime();
  const result = await takeover(options, run);
  assert(result.outcome === "try later");
  assertEquals([result.code, result.moves, result.looks], ["ECONNREFUSED", 0, 0]);
  assertEquals(waits.slice(0, 4), [1000, 3000, 5000, 5000]);
  // From 150 s on, half of a time limit of 60 s would not be left for the reply.
  assert(result.seconds > 150 && result.seconds <= 180, `${result.seconds}`);
});

Deno.test("no wait and no request outlasts the deadline", async () => {
  await using robot = await startRobot();
  robot.fail(...times(99, { kind: "reset" }));
  for (const deadlineMs of [1, 100, 2000, 10_000, 60_000]) {
    const time = virtualTime();
    const limits: number[] = [];
    const onProgress = (progress: MoveProgress) => {
      if (progress.kind === "request") limits.push(time.run.now!() + progress.timeoutMs);
    };
    const options = { ...optionsFor(robot), timeoutMs: 60_000, deadlineMs };
    const result = await takeover(options, { ...time.run, onProgress });
    // In 1 ms there may be no connection yet.
    if (deadlineMs > 1) assertEquals(result.outcome, "unknown");
    assert(result.seconds * 1000 <= deadlineMs, `${result.seconds} s of ${deadlineMs} ms`);
    assert(limits.every((limit) => limit <= deadlineMs), `${limits} of ${deadlineMs}`);
  }
});

Deno.test("time is kept for a last look", async () => {
  await using robot = await startRobot();
  robot.fail({ kind: "hang", after: true });
  const options = { ...optionsFor(robot), timeoutMs: 60_000, deadlineMs: 400 };
  const result = await takeover(options, virtualTime().run);
  assertEquals([result.outcome, result.moves, result.looks], ["routed", 1, 1]);
});

Deno.test("a cancelled takeover sends nothing afterwards, whatever it was doing", async () => {
  for (const moment of ["before", "POST", "wait", "GET", "second POST"]) {
    await using robot = await startRobot();
    const abort = new AbortController();
    const cancel = () => abort.abort(new Error("not lord any more"));
    const time = virtualTime((count) => {
      if (moment === "wait" && count === 2) cancel();
    });
    robot.fail(moment === "POST" ? { kind: "hang", ...post } : { kind: "reset", ...post });
    if (moment === "GET") robot.fail({ kind: "hang", ...get });
    if (moment === "second POST") robot.fail({ kind: "hang", ...post });
    if (moment === "before") cancel();
    if (moment === "POST") robot.arrived("POST").then(cancel);
    if (moment === "GET") robot.arrived("GET").then(cancel);
    if (moment === "second POST") robot.arrived("POST", 2).then(cancel);
    const run = { ...time.run, signal: abort.signal };
    const options = { ...optionsFor(robot), timeoutMs: 20_000 };
    const begunMs = performance.now();
    await assertRejects(() => takeover(options, run), Error, "not lord any more");
    assert(performance.now() - begunMs < 10_000, `${moment}: the request was waited for`);
    const sent = { before: 0, POST: 1, GET: 2, wait: 3, "second POST": 5 }[moment];
    assertEquals(robot.requests.length, sent, moment);
    // Were anything sent still, it would come before this one.
    await getFailover(optionsFor(robot));
    assertEquals(robot.requests.length, sent! + 1, moment);
  }
});

Deno.test("a takeover that is cancelled before it begins tells nothing", async () => {
  await using robot = await startRobot();
  const told: MoveProgress[] = [];
  const onProgress = (progress: MoveProgress) => void told.push(progress);
  const signal = AbortSignal.abort(new Error("too late"));
  await assertRejects(() => takeover(optionsFor(robot), { signal, onProgress }), Error, "too late");
  assertEquals(told, []);
});

Deno.test("a cancelled takeover does not wait on", async () => {
  await using robot = await startRobot();
  robot.fail(html(503));
  const abort = new AbortController();
  let waitsSinceMs = Infinity;
  const onProgress = ({ kind }: MoveProgress) => {
    if (kind !== "wait") return;
    waitsSinceMs = performance.now();
    queueMicrotask(() => abort.abort());
  };
  const options = optionsFor(robot);
  const error = await assertRejects(
    () => takeover(options, { signal: abort.signal, onProgress }),
    DOMException,
  );
  assertEquals([error.name, robot.requests.length], ["AbortError", 1]);
  assert(performance.now() - waitsSinceMs < 2_000, "it waited for its next request");
});

Deno.test("it tells what it does and what it waits for", async () => {
  await using robot = await startRobot();
  robot.fail(html(503), html(503, get), { kind: "reset", after: true, ...post });
  const told: MoveProgress[] = [];
  const onProgress = (progress: MoveProgress) => told.push(progress);
  await takeover(optionsFor(robot), { ...virtualTime().run, onProgress });
  const message = "the Robot is not available (status 503): <html>no</html>";
  assertEquals(told, [
    { kind: "request", method: "POST", timeoutMs: 10_000 },
    { kind: "error", method: "POST", code: "MAINTENANCE", message },
    { kind: "wait", next: "GET", waitMs: 5000, code: "MAINTENANCE", message },
    { kind: "request", method: "GET", timeoutMs: 10_000 },
    { kind: "error", method: "GET", code: "MAINTENANCE", message },
    { kind: "wait", next: "GET", waitMs: 15_000, code: "MAINTENANCE", message },
    { kind: "request", method: "GET", timeoutMs: 10_000 },
    { kind: "reply", method: "GET", pointsTo: "1.1.1.1", status: undefined },
    { kind: "request", method: "POST", timeoutMs: 10_000 },
    {
      kind: "error",
      method: "POST",
      code: "ECONNRESET",
      message: "the connection was lost: closed before the whole reply had come",
    },
    { kind: "request", method: "GET", timeoutMs: 10_000 },
    { kind: "reply", method: "GET", pointsTo: "2.2.2.2", status: undefined },
  ]);
});

Deno.test("waits are longer by up to a quarter, at random", async () => {
  await using robot = await startRobot();
  robot.fail(html(503), html(503));
  const { run, waits } = virtualTime();
  await takeover(optionsFor(robot), { ...run, random: () => 0.5 });
  assertEquals(waits, [5625, 16_875]);
});

Deno.test("a maintenance is waited out by looks, and its end noticed within a minute", async () => {
  for (const [failures, seconds] of [[2, 20], [3, 65], [4, 125]]) {
    await using robot = await startRobot();
    robot.fail(...times(failures, html(503)));
    const result = await takeover(optionsFor(robot), virtualTime().run);
    assertEquals([result.outcome, result.moves, result.seconds], ["routed", 2, seconds]);
  }
});

Deno.test("a URL that is not http is a mistake of the caller's, and nothing is sent", async () => {
  await using robot = await startRobot();
  const options = { ...optionsFor(robot), url: "file:///failover/4.4.4.4" };
  await assertRejects(() => takeover(options), TypeError);
  assertEquals(robot.requests.length, 0);
});

Deno.test("the settings of an action are its options as they are", async () => {
  await using robot = await startRobot();
  const action: KeptSettings = {
    ...optionsFor(robot),
    sslNoVerify: false,
    verifyMs: 300_000,
    reclaim: true,
    preflight: true,
  };
  assertEquals((await takeover(action)).outcome, "routed");
});
