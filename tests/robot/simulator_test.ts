import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type SimulatedRequest,
  type Simulator,
  startSimulator,
} from "../../lib/robot/simulator.ts";
import { startRobot } from "./_setup.ts";

interface Asked {
  readonly method?: string;
  readonly password?: string;
  readonly to?: string;
  readonly signal?: AbortSignal;
}

/** Asks with another HTTP client than the project's own. */
async function ask(robot: Simulator, path: string, asked: Asked = {}) {
  const { method = asked.to === undefined ? "GET" : "POST", password = "pä;ss:w0rd" } = asked;
  const credentials = new TextEncoder().encode(`#ws+user:${password}`);
  const reply = await fetch(robot.url + path, {
    method,
    headers: { authorization: `Basic ${btoa(String.fromCharCode(...credentials))}` },
    body: asked.to === undefined ? undefined : new URLSearchParams({ active_server_ip: asked.to }),
    signal: asked.signal,
  });
  const { failover, error } = await reply.json();
  return {
    status: reply.status,
    active: failover?.active_server_ip,
    code: error?.code,
    failover,
    error,
  };
}

Deno.test("the simulator replies as API.md has it", async () => {
  await using robot = await startRobot();
  assertEquals((await ask(robot, "/failover/4.4.4.4")).failover, {
    ip: "4.4.4.4",
    netmask: "255.255.255.255",
    server_ip: "1.1.1.1",
    server_ipv6_net: "2a01:4f8:1::",
    server_number: 1,
    active_server_ip: "1.1.1.1",
  });
  const { error } = await ask(robot, "/failover/5.5.5.5");
  assertEquals([error.status, error.code, typeof error.message], [404, "NOT_FOUND", "string"]);
});

Deno.test("a switch takes its time, and locks the address meanwhile", async () => {
  const { promise, resolve: done } = Promise.withResolvers<void>();
  const waits: number[] = [];
  const wait = (ms: number) => {
    waits.push(ms);
    return promise;
  };
  await using robot = await startRobot({ switchMs: 40_000, withStatus: true, wait });
  const first = ask(robot, "/failover/4.4.4.4", { to: "2.2.2.2" });
  await robot.arrived("POST");
  const second = await ask(robot, "/failover/4.4.4.4", { to: "3.3.3.3" });
  assertEquals([second.status, second.code], [409, "FAILOVER_LOCKED"]);
  assertEquals((await ask(robot, "/failover/4.4.4.4", { method: "DELETE" })).code, second.code);
  const meanwhile = (await ask(robot, "/failover/4.4.4.4")).failover;
  assertEquals([meanwhile.active_server_ip, meanwhile.status], ["1.1.1.1", "processing"]);
  done();
  assertEquals((await first).active, "2.2.2.2");
  assertEquals(waits, [40_000]);
  const again = await ask(robot, "/failover/4.4.4.4", { to: "2.2.2.2" });
  assertEquals([again.status, again.code], [409, "FAILOVER_ALREADY_ROUTED"]);
  assertEquals((await ask(robot, "/failover/4.4.4.4")).failover.status, "ready");
});

Deno.test("a switch goes on when its client goes away", async () => {
  await using robot = await startRobot({ switchMs: 50 });
  const abort = new AbortController();
  const post = ask(robot, "/failover/4.4.4.4", { to: "2.2.2.2", signal: abort.signal });
  await robot.arrived("POST");
  abort.abort();
  await assertRejects(() => post);
  assertEquals((await robot.ended("POST")).outcome, "gone");
  await robot.pointsTo("4.4.4.4", "2.2.2.2");
});

Deno.test("the parameters of a switch are checked", async () => {
  await using robot = await startRobot();
  const missing = await ask(robot, "/failover/4.4.4.4", { to: "" });
  assertEquals([missing.status, missing.code], [400, "INVALID_INPUT"]);
  assertEquals([missing.error.missing, missing.error.invalid], [["active_server_ip"], null]);
  const invalid = await ask(robot, "/failover/4.4.4.4", { to: "here" });
  assertEquals([invalid.error.missing, invalid.error.invalid], [null, ["active_server_ip"]]);
  for (const to of ["9.9.9.9", "2a01:4f8:2::"]) {
    const unknown = await ask(robot, "/failover/4.4.4.4", { to });
    assertEquals([unknown.status, unknown.code], [404, "FAILOVER_NEW_SERVER_NOT_FOUND"]);
  }
  assertEquals((await ask(robot, "/failover/4.4.4.4", { method: "PUT" })).status, 405);
  assertEquals((await ask(robot, "/server")).code, "NOT_FOUND");
  assertEquals((await ask(robot, "/failover", { to: "1.1.1.1" })).code, "NOT_FOUND");
});

Deno.test("three failed logins block everybody for ten minutes", async () => {
  let time = 0;
  await using robot = await startRobot({ now: () => time });
  const wrong = () => ask(robot, "/failover/4.4.4.4", { password: "wrong" });
  const right = () => ask(robot, "/failover/4.4.4.4");
  await wrong();
  await wrong();
  assertEquals((await right()).status, 200);
  await wrong();
  await wrong();
  assertEquals((await right()).status, 200);
  for (let i = 0; i < 3; i++) assertEquals((await wrong()).code, "UNAUTHORIZED");
  assertEquals((await right()).status, 401);
  time = 10 * 60_000 - 1;
  assertEquals((await right()).status, 401);
  time++;
  assertEquals((await right()).status, 200);
});

/** Sends a request with the right credentials and this body. */
async function send(robot: Simulator, body: BodyInit, headers: Record<string, string> = {}) {
  const credentials = new TextEncoder().encode("#ws+user:pä;ss:w0rd").toBase64();
  const reply = await fetch(robot.failoverUrl("4.4.4.4"), {
    method: "POST",
    headers: { authorization: `Basic ${credentials}`, ...headers },
    body,
  });
  const { failover, error } = await reply.json();
  return failover?.active_server_ip ?? error;
}

Deno.test("a form is read as multipart too, and nothing but a form is read", async () => {
  await using robot = await startRobot();
  const form = new FormData();
  form.set("active_server_ip", "2.2.2.2");
  assertEquals(await send(robot, form), "2.2.2.2");
  assertEquals(robot.requests[0].activeServerIp, "2.2.2.2");
  const file = new FormData();
  file.set("active_server_ip", new Blob(["3.3.3.3"]), "ip.txt");
  const others: [body: BodyInit, contentType?: string][] = [
    [file],
    ["active_server_ip=3.3.3.3", "text/plain"],
    ['{"active_server_ip":"3.3.3.3"}', "application/json"],
    ["active_server_ip=3.3.3.3", "multipart/form-data"],
    ["active_server_ip=3.3.3.3", "multipart/form-data; boundary=x"],
    ["active_server_ip=3.3.3.3", "no type"],
  ];
  for (const [body, contentType] of others) {
    const headers = contentType === undefined ? undefined : { "content-type": contentType };
    const { code, missing } = await send(robot, body, headers);
    assertEquals([code, missing], ["INVALID_INPUT", ["active_server_ip"]], contentType);
  }
});

Deno.test("a 401 asks for credentials, and a request without any is no failed login", async () => {
  await using robot = await startRobot();
  for (const authorization of [undefined, "", "Bearer x", undefined]) {
    const headers = authorization === undefined ? undefined : { authorization };
    const reply = await fetch(robot.failoverUrl("4.4.4.4"), { headers });
    await reply.body?.cancel();
    assertEquals(reply.status, 401);
    assertEquals(reply.headers.get("www-authenticate"), 'Basic realm="robot"');
  }
  const right = await ask(robot, "/failover/4.4.4.4");
  assertEquals(right.status, 200);
  robot.fail({ kind: "error", status: 401, code: "UNAUTHORIZED" });
  const { headers, body } = await fetch(robot.failoverUrl("4.4.4.4"));
  await body?.cancel();
  assertEquals(headers.has("www-authenticate"), true);
});

Deno.test("any path has an answer", async () => {
  await using robot = await startRobot();
  const { hostname, port, host } = new URL(robot.url);
  const credentials = new TextEncoder().encode("#ws+user:pä;ss:w0rd").toBase64();
  const statusOf = async (path: string) => {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    const head = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n` +
      `Authorization: Basic ${credentials}\r\n\r\n`;
    await connection.write(new TextEncoder().encode(head));
    const answer = await new Response(connection.readable).text();
    return answer.slice("HTTP/1.1 ".length).split(" ")[0];
  };
  for (
    const [path, status] of [
      ["/", "404"],
      ["//", "404"],
      ["//failover/4.4.4.4", "404"],
      ["*", "404"],
      ["/failover/%", "404"],
      ["/failover/%ff", "404"],
      ["/failover/4.4.4.4/", "404"],
      ["/failover/4.4.4.4?a=/b", "200"],
      ["/failover/4%2e4.4.4", "200"],
      ["/failover/2a01%3A4f8%3afff1::", "200"],
      [`http://${host}/failover/4.4.4.4`, "200"],
    ]
  ) {
    assertEquals(await statusOf(path), status, path);
  }
});

Deno.test("quotas count GET and POST apart, and end with their interval", async () => {
  let time = 0;
  const quota = { gets: 2, posts: 1, intervalMs: 3_600_000 };
  await using robot = await startRobot({ now: () => time, quota });
  const get = () => ask(robot, "/failover/4.4.4.4");
  assertEquals((await ask(robot, "/failover/4.4.4.4", { to: "2.2.2.2" })).status, 200);
  const { status, error } = await ask(robot, "/failover/4.4.4.4", { to: "3.3.3.3" });
  assertEquals([status, error.code], [403, "RATE_LIMIT_EXCEEDED"]);
  assertEquals([error.max_request, error.interval], [1, 3600]);
  assertEquals([await get(), await get(), await get()].map(({ status }) => status), [
    200,
    200,
    403,
  ]);
  time = 3_600_000;
  assertEquals((await get()).status, 200);
});

Deno.test("in maintenance all requests fail, until it is over", async () => {
  await using robot = await startRobot();
  const end = robot.failAll({ kind: "error", status: 503, code: "INTERNAL_ERROR" });
  for (let asked = 0; asked < 2; asked++) {
    assertEquals((await ask(robot, "/failover/4.4.4.4", { to: "2.2.2.2" })).code, "INTERNAL_ERROR");
  }
  end();
  assertEquals((await ask(robot, "/failover/4.4.4.4")).active, "1.1.1.1");
});

Deno.test("faults come in their order, each for one request that it fits", async () => {
  await using robot = await startRobot();
  robot.fail(
    { kind: "error", status: 500, code: "FAILOVER_FAILED", method: "POST" },
    { kind: "error", status: 500, code: "INTERNAL_ERROR", after: true, method: "POST" },
    { kind: "status", status: "processing", method: "GET" },
    { kind: "active", activeServerIp: null, method: "GET" },
  );
  assertEquals((await ask(robot, "/failover/4.4.4.4")).failover.status, "processing");
  const post = () => ask(robot, "/failover/4.4.4.4", { to: "2.2.2.2" });
  assertEquals([(await post()).code, robot.activeServerIp("4.4.4.4")], [
    "FAILOVER_FAILED",
    "1.1.1.1",
  ]);
  assertEquals([(await post()).code, robot.activeServerIp("4.4.4.4")], [
    "INTERNAL_ERROR",
    "2.2.2.2",
  ]);
  assertEquals((await ask(robot, "/failover/4.4.4.4")).active, null);
  assertEquals((await ask(robot, "/failover/4.4.4.4")).active, "2.2.2.2");
});

Deno.test("a body that is cut off breaks the connection after it", async () => {
  await using robot = await startRobot();
  robot.fail({ kind: "body", status: 200, body: '{"fail', cut: true });
  const { status, body } = await fetch(robot.failoverUrl("4.4.4.4"));
  const parts: string[] = [];
  await assertRejects(async () => {
    for await (const part of body!.pipeThrough(new TextDecoderStream())) parts.push(part);
  });
  assertEquals([status, parts.join("")], [200, '{"fail']);
});

Deno.test("its log tells of every request as it comes and as it ends, without the password", async () => {
  const seen: string[] = [];
  const onRequest = ({ method, activeServerIp, outcome }: SimulatedRequest) => {
    seen.push(`${method} ${activeServerIp} ${outcome}`);
  };
  await using robot = await startRobot({ onRequest, now: () => 7 });
  await ask(robot, "/failover/4.4.4.4", { to: "2.2.2.2" });
  await ask(robot, "/failover/4.4.4.4", { password: "hunter2" });
  assertEquals(seen, [
    "POST 2.2.2.2 undefined",
    "POST 2.2.2.2 200",
    "GET undefined undefined",
    "GET undefined 401 UNAUTHORIZED",
  ]);
  assertEquals(robot.requests[0], {
    method: "POST",
    path: "/failover/4.4.4.4",
    ip: "4.4.4.4",
    activeServerIp: "2.2.2.2",
    atMs: 7,
    outcome: "200",
  });
});

Deno.test("somebody else can move an address and lock it", async () => {
  await using robot = await startRobot();
  const unlock = robot.lock("4.4.4.4");
  const post = () => ask(robot, "/failover/4.4.4.4", { to: "2.2.2.2" });
  assertEquals((await post()).code, "FAILOVER_LOCKED");
  robot.route("4.4.4.4", "2.2.2.2");
  unlock();
  assertEquals((await post()).code, "FAILOVER_ALREADY_ROUTED");
  assertThrows(() => robot.activeServerIp("5.5.5.5"), TypeError, "5.5.5.5");
});

Deno.test("closing ends requests and switches that are under way", async () => {
  const robot = await startRobot({ switchMs: 60_000 });
  robot.fail({ kind: "hang", method: "GET" });
  const get = assertRejects(() => ask(robot, "/failover/4.4.4.4"));
  const post = assertRejects(() => ask(robot, "/failover/4.4.4.4", { to: "2.2.2.2" }));
  await Promise.all([robot.arrived("GET"), robot.arrived("POST")]);
  await robot.close();
  await Promise.all([get, post]);
  await robot.close();
});

Deno.test("an address of no server, and a port in use, are told at the start", async () => {
  const setup = { accounts: [], servers: [], failovers: [{ ip: "4.4.4.4" }] };
  await assertRejects(() => startSimulator(setup), TypeError, "4.4.4.4");
  await using robot = await startRobot();
  await assertRejects(() => startRobot({ port: Number(new URL(robot.url).port) }), Error);
});
