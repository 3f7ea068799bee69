import { getEventListeners } from "node:events";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  deleteFailover,
  getFailover,
  listFailovers,
  routeFailover,
} from "../../lib/robot/client.ts";
import { RobotError } from "../../lib/robot/errors.ts";
import { MoveError } from "../../lib/move/move_error.ts";
import { failoverListUrl } from "../../lib/robot/url.ts";
import { accessTo, startRobot } from "./_setup.ts";

Deno.test("a failover address is asked for, routed, dropped and listed", async () => {
  await using robot = await startRobot({ withStatus: true });
  const access = accessTo(robot);
  assertEquals(await getFailover(access), {
    ip: "4.4.4.4",
    netmask: "255.255.255.255",
    serverIp: "1.1.1.1",
    serverIpv6Net: "2a01:4f8:1::",
    serverNumber: 1,
    activeServerIp: "1.1.1.1",
    status: "ready",
  });
  assertEquals((await routeFailover(access)).activeServerIp, "2.2.2.2");
  assertEquals(robot.activeServerIp("4.4.4.4"), "2.2.2.2");
  assertEquals((await deleteFailover(access)).activeServerIp, null);
  const { failovers: list } = await listFailovers({ ...access, url: failoverListUrl(access.url) });
  assertEquals(list.map(({ ip, activeServerIp }) => [ip, activeServerIp]), [
    ["4.4.4.4", null],
    ["2a01:4f8:fff1::", "2a01:4f8:1::"],
  ]);
  assertEquals(robot.requests.map(({ method, path, outcome }) => `${method} ${path} ${outcome}`), [
    "GET /failover/4.4.4.4 200",
    "POST /failover/4.4.4.4 200",
    "DELETE /failover/4.4.4.4 200",
    "GET /failover 200",
  ]);
});

Deno.test("an IPv6 subnet is asked for by its net address, in any spelling", async () => {
  await using robot = await startRobot();
  const access = accessTo(robot, "2A01:04F8:fff1:0::");
  assertEquals((await routeFailover(access)).activeServerIp, "2a01:4f8:2::");
  assertEquals(robot.requests[0].path, "/failover/2a01:4f8:fff1::");
});

Deno.test("an aborted POST reaches the server exactly once, also after earlier requests", async () => {
  await using robot = await startRobot();
  const access = accessTo(robot);
  for (let i = 0; i < 3; i++) await getFailover(access);
  robot.fail({ kind: "hang" });
  const abort = new AbortController();
  const post = routeFailover(access, { signal: abort.signal });
  await robot.arrived("POST");
  abort.abort(new Error("enough"));
  await assertRejects(() => post, Error, "enough");
  assertEquals((await robot.ended("POST")).outcome, "gone");
  // Were it sent again, it would come before this one.
  await getFailover(access);
  assertEquals(robot.count("POST"), 1);
});

Deno.test("a POST whose connection breaks reaches the server exactly once", async () => {
  await using robot = await startRobot();
  const access = accessTo(robot);
  for (let i = 0; i < 3; i++) await getFailover(access);
  robot.fail({ kind: "reset" });
  const error = await assertRejects(() => routeFailover(access), MoveError);
  assertEquals([error.kind, error.code], ["lost", "ECONNRESET"]);
  await getFailover(access);
  assertEquals(robot.count("POST"), 1);
});

Deno.test("the time limit of a request covers a reply that never comes", async () => {
  await using robot = await startRobot();
  robot.fail({ kind: "hang" });
  const access = { ...accessTo(robot), timeoutMs: 50 };
  const error = await assertRejects(() => getFailover(access), MoveError);
  assertEquals([error.kind, error.code], ["lost", "TIMEOUT"]);
  assertStringIncludes(error.message, "0.05 s");
});

Deno.test("a time limit that is not a whole number of milliseconds is told as one", async () => {
  await using robot = await startRobot();
  robot.fail({ kind: "hang" });
  const access = { ...accessTo(robot), timeoutMs: 49.987654321 };
  const { message } = await assertRejects(() => getFailover(access), MoveError);
  assertStringIncludes(message, "within 0.05 s");
});

Deno.test("a request cancelled before it begins is not sent", async () => {
  await using robot = await startRobot();
  const signal = AbortSignal.abort(new Error("too late"));
  for (const ask of [getFailover, routeFailover, deleteFailover, listFailovers]) {
    await assertRejects(async () => await ask(accessTo(robot), { signal }), Error, "too late");
  }
  assertEquals(robot.requests.length, 0);
});

Deno.test("a request that has ended leaves no listener at its signal", async () => {
  await using robot = await startRobot();
  const { signal } = new AbortController();
  await getFailover(accessTo(robot), { signal });
  robot.fail({ kind: "reset" });
  await assertRejects(() => getFailover(accessTo(robot), { signal }), MoveError);
  assertEquals(getEventListeners(signal, "abort"), []);
});

Deno.test("a redirect is not followed", async () => {
  await using robot = await startRobot();
  await using other = await startRobot();
  const headers = { location: `${other.url}/failover/4.4.4.4` };
  robot.fail({ kind: "body", status: 302, body: "", headers });
  const error = await assertRejects(() => getFailover(accessTo(robot)), RobotError);
  assertEquals([error.kind, error.code, error.status], ["unreadable", "REDIRECT", 302]);
  assertEquals(other.requests.length, 0);
});

Deno.test("a list of addresses may be long", async () => {
  const ips = Array.from({ length: 2_000 }, (_, index) => `5.5.${index >> 8}.${index & 255}`);
  await using robot = await startRobot({ failovers: ips.map((ip) => ({ ip })) });
  const { url } = accessTo(robot);
  const { failovers } = await listFailovers({ ...accessTo(robot), url: failoverListUrl(url) });
  assertEquals(failovers.map(({ ip }) => ip), ips);
});

Deno.test("no connection is told from a lost one", async () => {
  const robot = await startRobot();
  await robot.close();
  const access = accessTo(robot);
  const refused = await assertRejects(() => routeFailover(access), MoveError);
  assertEquals([refused.kind, refused.code], ["unsent", "ECONNREFUSED"]);
  // A name that no name server needs to be asked for.
  const nowhere = { ...access, url: "http://robot..invalid/failover/4.4.4.4" };
  const unknown = await assertRejects(() => routeFailover(nowhere), MoveError);
  assertEquals([unknown.kind, unknown.code, unknown.message], [
    "unsent",
    "ENOTFOUND",
    "no connection: robot..invalid has no IPv4 address, and the Robot is asked over IPv4",
  ]);
});

Deno.test("a reply about another address is none", async () => {
  await using robot = await startRobot();
  const access = { ...accessTo(robot), ip: "5.5.5.5" };
  const error = await assertRejects(() => getFailover(access), RobotError, "5.5.5.5");
  assertEquals([error.kind, error.code], ["unreadable", "OTHER_ADDRESS"]);
});

Deno.test("a reply that quotes the credentials carries them into no error", async () => {
  await using robot = await startRobot();
  const access = accessTo(robot);
  const secret = btoa("#ws+user:pÃ¤;ss:w0rd");
  robot.fail({ kind: "body", status: 502, body: `Basic ${secret}; ${access.password}` });
  const error = await assertRejects(() => getFailover(access), RobotError, "Basic ***; ***");
  assert(!Deno.inspect(error).includes("w0rd") && !Deno.inspect(error).includes(secret));
});

Deno.test("nor does one that writes them as JSON or in an address", async () => {
  await using robot = await startRobot();
  const password = 'pa"ss/w0rd\\\u00fc';
  const access = { ...accessTo(robot), username: "FOO", password };
  const asPhp = '"pa\\"ss\\/w0rd\\\\\\u00fc"';
  const error =
    `{"error":{"status":400,"code":"INVALID_INPUT","message":${asPhp},"invalid":[${asPhp}],"missing":[${asPhp}]}}`;
  const location = `/login?p=${encodeURIComponent(password)}`;
  for (
    const fault of [
      { kind: "body", status: 400, body: error },
      { kind: "body", status: 500, body: `no JSON ${asPhp}` },
      { kind: "body", status: 302, body: "", headers: { location } },
    ] as const
  ) {
    robot.fail(fault);
    const refused = await assertRejects(() => getFailover(access), RobotError);
    const told = JSON.stringify([refused.message, refused.invalid, refused.missing]);
    assertEquals(/ss.{0,4}w0rd/.test(told), false, told);
  }
});

Deno.test("nor half of one, where the end of a message is cut off", async () => {
  await using robot = await startRobot();
  const access = accessTo(robot);
  const long = "x".repeat(196) + access.password;
  const error = { code: "X_Y", message: long };
  for (const body of [long, JSON.stringify({ error })]) {
    robot.fail({ kind: "body", status: 400, body });
    const { message } = await assertRejects(() => getFailover(access), RobotError);
    assertEquals(/x\*\*\*$/.test(message), true, message);
  }
});

Deno.test("nothing is left over of a secret of which one spelling begins with another", async () => {
  await using robot = await startRobot();
  const access = { ...accessTo(robot), username: "FOO", password: "w0rd%25\\" };
  const asJson = `{"error":{"status":400,"code":"X_Y","message":"no ${"w0rd%25\\\\"} here"}}`;
  const location = `/login?p=${encodeURIComponent(access.password)}&x`;
  for (
    const [fault, message] of [
      [{ kind: "body", status: 400, body: asJson }, "no *** here"],
      [
        { kind: "body", status: 302, body: "", headers: { location } },
        "a redirect to /login?p=***&*** (status 302); it would carry the password elsewhere, " +
        "so it is not followed",
      ],
    ] as const
  ) {
    robot.fail(fault);
    const refused = await assertRejects(() => getFailover(access), RobotError);
    assertEquals(refused.message, message);
  }
});

const spellings: [how: string, spell: (text: string) => string][] = [
  ["as it is", (text) => text],
  ["in HTML", (text) => {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("'", "&#39;")
      .replaceAll('"', "&quot;");
  }],
  [
    "in HTML, hexadecimal",
    (text) => text.replace(/[&<'"]/g, (c) => `&#x${c.charCodeAt(0).toString(16)};`),
  ],
  ["in a form", (text) => new URLSearchParams([["", text]]).toString().slice(1)],
  ["in a form, in small letters", (text) => {
    return encodeURIComponent(text).replace(/%../g, (hex) => hex.toLowerCase()).replaceAll(
      "%20",
      "+",
    );
  }],
];
for (const [how, spell] of spellings) {
  Deno.test(`nor does one that quotes them ${how}, wherever it is cut`, async () => {
    await using robot = await startRobot();
    const password = `w0rd&w0rd<w0rd'w0rd"w0rd w0rd/w0rd`;
    const access = { ...accessTo(robot), username: "FOO", password };
    // What is told of a reply is cut: no beginning of a password may stand there.
    for (const before of [0, 30, 110, 150, 190, 195, 780, 1_000]) {
      const said = "y ".repeat(before / 2) + spell(password);
      const error = { status: 400, code: "INVALID_INPUT", message: said, invalid: [said] };
      const location = `/${said.replaceAll("y ", "yy").replaceAll(" ", "%20")}`;
      for (
        const fault of [
          { kind: "body", status: 400, body: JSON.stringify({ error }) },
          { kind: "body", status: 502, body: `<p>${said}</p>` },
          { kind: "body", status: 502, body: `<p>${said.replaceAll("y ", "\u2003\u2003")}</p>` },
          { kind: "body", status: 200, body: said },
          { kind: "body", status: 302, body: "", headers: { location } },
        ] as const
      ) {
        robot.fail(fault);
        const refused = await assertRejects(() => getFailover(access), RobotError);
        const told = JSON.stringify([refused.message, refused.invalid, refused.missing]);
        assertEquals(/w0|0r/.test(told), false, told);
      }
    }
  });
}

Deno.test("a reply whose code is the password has no code", async () => {
  await using robot = await startRobot();
  const access = { ...accessTo(robot), password: "PA55_W0RD" };
  const error = { status: 400, code: "PA55_W0RD", message: "no" };
  robot.fail({ kind: "body", status: 400, body: JSON.stringify({ error }) });
  const refused = await assertRejects(() => getFailover(access), RobotError);
  assertEquals([refused.code, refused.message.includes("W0RD")], ["UNREADABLE_REPLY", false]);
});

Deno.test("a redirect's target is told without the values of its query", async () => {
  await using robot = await startRobot();
  const headers = { location: "https://u:p4ss@login.example/sso?ticket=t1ck3t&back#fr4gment" };
  robot.fail({ kind: "body", status: 302, body: "", headers });
  await assertRejects(
    () => getFailover(accessTo(robot)),
    RobotError,
    "a redirect to https://***@login.example/sso?ticket=***&***#*** (status 302)",
  );
});

Deno.test("a URL that is not http is a mistake of the caller's", async () => {
  await using robot = await startRobot();
  for (const url of ["ftp://127.0.0.1/failover/4.4.4.4", "4.4.4.4", ""]) {
    await assertRejects(() => getFailover({ ...accessTo(robot), url }), TypeError);
  }
});
