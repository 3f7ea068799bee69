// Takeovers by an HTTP API, against one that answers as a test says.
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { preflight } from "../../lib/move/preflight.ts";
import { moveAddress } from "../../lib/move/move_address.ts";
import { MoveError } from "../../lib/move/move_error.ts";
import { routeHere } from "../../lib/move/route_here.ts";
import { settle } from "../../lib/move/settle.ts";
import { type Api, type Got, startApi } from "../lab/any_api.ts";
import { addressOf, contextOf } from "./_setup.ts";

const json = (value: unknown, status = 200, headers = {}) =>
  new Response(JSON.stringify(value), { status, headers });

const sectionFor = ({ url }: Api, more = "") =>
  `ip = 192.0.2.1
here = web1
url = ${url}/ip/{ip}
body = {"to": "{here}"}
timeout = 2
deadline = 5
${more}`;

const look = ({ url }: Api) => `look-url = ${url}/ip/{ip}\nlook-at = /at\n`;

const isMove = ({ method }: Got) => method === "POST";

Deno.test("an address is moved, and looked at once; the names in braces are put in", async () => {
  let at = "web2";
  await using api = startApi((got) => {
    if (isMove(got)) at = JSON.parse(got.body).to;
    return json({ at });
  });
  const result = await moveAddress(addressOf(sectionFor(api, look(api))), "web1");
  assertEquals([result.outcome, result.message], ["routed", "192.0.2.1 points to web1"]);
  assertEquals(api.asked(), ['POST /ip/192.0.2.1 {"to": "web1"}', "GET /ip/192.0.2.1"]);
});

Deno.test("without look-url the reply counts, and log and status say that it is not verified", async () => {
  await using api = startApi(() => new Response(null, { status: 204 }));
  const address = addressOf(sectionFor(api));
  const { context, lines, sights } = contextOf();
  await preflight(address, context);
  await routeHere(address, context);
  assertEquals(lines.at(-1), "info 192.0.2.1 points to web1(not-verified)");
  assertEquals(sights.map(({ pointsTo }) => pointsTo), ["web1(not-verified)"]);
  assertEquals(api.asked().length, 1);
});

Deno.test("a lost reply is looked for, or asked for again where there is no look", async () => {
  let at = "web2";
  let lost = 1;
  await using api = startApi((got) => {
    if (isMove(got)) at = JSON.parse(got.body).to;
    return isMove(got) && lost-- > 0 ? undefined : json({ at });
  });
  assertEquals(
    (await moveAddress(addressOf(sectionFor(api, look(api))), "web1")).outcome,
    "routed",
  );
  assertEquals(api.got.filter(isMove).length, 1);
  lost = 1;
  assertEquals((await moveAddress(addressOf(sectionFor(api)), "web1")).outcome, "routed");
  assertEquals(api.got.filter(isMove).length, 3);
});

Deno.test("the replies of a switch are told apart, each by its name", async () => {
  const replies: [Response, more: string, code: string, meaning: string][] = [
    [json({}, 409), "busy = 409", "BUSY", "busy"],
    [json({ e: "cold" }, 422), "cooldown = 422 /e = cold", "COOLDOWN", "limited"],
    [json({ e: "there" }, 400), "already = /e = there", "ALREADY", "there"],
    [json({ e: "other" }, 422), "cooldown = 422 /e = cold", "HTTP_422", "refused"],
    [json({}, 201), "status = 202", "HTTP_201", "unknown"],
    [json({}, 401), "", "UNAUTHORIZED", "refused"],
    [json({}, 403), "", "HTTP_403", "refused"],
    [json({}, 404), "", "HTTP_404", "refused"],
    [json({}, 407), "", "PROXY_UNAUTHORIZED", "refused"],
    [json({}, 429), "", "HTTP_429", "busy"],
    [json({}, 429, { "retry-after": "600" }), "", "HTTP_429", "limited"],
    [json({}, 500), "", "HTTP_500", "unknown"],
    [json({}, 503), "", "HTTP_503", "maintenance"],
    [json({}, 302, { location: "http://other/?key=secret" }), "", "REDIRECT", "refused"],
  ];
  for (const [reply, more, code, meaning] of replies) {
    await using api = startApi(() => reply);
    const address = addressOf(sectionFor(api, more));
    const error = await assertRejects(() => address.move("web1"), MoveError);
    assertEquals([error.code, address.meaning(error)], [code, meaning]);
    assertMatch(error.message, new RegExp(`^the reply has the status ${reply.status}`));
  }
});

Deno.test("a cooldown ends the takeover for now, and the node asks again, without a look too", async () => {
  let isCold = true;
  await using api = startApi(() => isCold ? json({}, 423) : json({}));
  const address = addressOf(sectionFor(api, "cooldown = 423"));
  const { context } = contextOf();
  const result = await routeHere(address, context);
  assertEquals([result.outcome, "code" in result && result.code], ["try later", "COOLDOWN"]);
  const waits: number[] = [];
  await settle(address, context, (ms) => {
    if (waits.push(ms) === 3) isCold = false;
    return Promise.resolve();
  });
  assertEquals(waits, [10_000, 30_000, 90_000]);
});

Deno.test("a look that lacks the field, has no JSON or is refused is told by name", async () => {
  const replies: [Response, code: string, message: RegExp][] = [
    [json({ other: 1 }), "NO_FIELD", /no server at \/at/],
    [json({ at: {} }), "NO_FIELD", /no server at \/at/],
    [new Response("<html>"), "NO_JSON", /status 200 without JSON: <html>/],
    [json({}, 404), "HTTP_404", /status 404/],
  ];
  for (const [reply, code, message] of replies) {
    await using api = startApi(() => reply);
    const error = await assertRejects(
      () => addressOf(sectionFor(api, look(api))).look(),
      MoveError,
      undefined,
    );
    assertEquals(error.code, code);
    assertMatch(error.message, message);
  }
  await using api = startApi(() => json({ at: null }));
  assertEquals((await addressOf(sectionFor(api, look(api))).look()).pointsTo, null);
});

Deno.test("after a restart of the lord the switch is asked for again where there is no look", async () => {
  await using api = startApi(() => json({}));
  const { context } = contextOf();
  const result = await routeHere(addressOf(sectionFor(api)), context, { before: "there" });
  assertEquals([result.outcome, api.got.length], ["routed", 1]);
});

Deno.test("a switch and the look behind it take the time of one request together", async () => {
  await using api = startApi((got) => isMove(got) ? json({}) : new Promise(() => {}));
  const address = addressOf(sectionFor(api, look(api)));
  const begunMs = performance.now();
  const { status } = await address.move("web1", { timeoutMs: 300 });
  assertEquals([status, performance.now() - begunMs < 1500], ["processing", true]);
});

Deno.test("a poll is asked until it is done, with a field of the reply", async () => {
  const states = ["RUNNING", "RUNNING", "DONE"];
  await using api = startApi((got) =>
    isMove(got) ? json({ task: { id: "a/b" } }, 202) : json({ state: states.shift() })
  );
  const poll = `poll-url = ${api.url}/task/{reply:/task/id}\npoll-done = /state = DONE`;
  const result = await moveAddress(addressOf(sectionFor(api, poll)), "web1");
  assertEquals(result.outcome, "routed");
  assertEquals(api.asked().slice(1), Array(3).fill("GET /task/a%2Fb"));
});

Deno.test("a poll that has failed is told, and the switch asked for again", async () => {
  const states = ["FAILED", "DONE"];
  await using api = startApi((got) =>
    isMove(got) ? json({ id: 7 }) : json({ state: states.shift() })
  );
  const poll = `poll-url = ${api.url}/task/{reply:/id}
poll-done = /state = DONE
poll-failed = /state = FAILED`;
  const { context, lines } = contextOf();
  assertEquals((await routeHere(addressOf(sectionFor(api, poll)), context)).outcome, "routed");
  assertEquals(api.got.filter(isMove).length, 2);
  assertMatch(lines.join("\n"), /POLL_FAILED: the switch has failed: \/state is "FAILED"/);
});

Deno.test("a poll that never ends ends with the deadline, and a reply without its field is told", async () => {
  await using api = startApi((got) => isMove(got) ? json({ id: 7 }) : json({ state: "RUNNING" }));
  const poll = `poll-url = ${api.url}/task/{reply:/id}\npoll-done = /state = DONE\ndeadline = 2`;
  const section = sectionFor(api, poll).replace("deadline = 5\n", "");
  const result = await moveAddress(addressOf(section), "web1");
  assertEquals([result.outcome, "code" in result && result.code], ["unknown", "PROCESSING"]);
  const other = section.replace("/task/{reply:/id}", "/task/{reply:/uuid}");
  const error = await assertRejects(() => addressOf(other).move("web1"), MoveError);
  assertEquals([error.code, error.message], ["NO_FIELD", "the reply has no field /uuid"]);
  const third = addressOf(section.replace("/state = DONE", "/status = DONE"));
  await third.move("web1");
  const missing = await assertRejects(() => third.look(), MoveError);
  assertEquals(missing.message, "the poll's reply has no field /status");
});

Deno.test("no secret of a request is told, however a reply quotes it", async () => {
  await using api = startApi((got) =>
    new Response(`no: ${got.headers.get("authorization")} ${got.headers.get("x-key")}`, {
      status: 400,
    })
  );
  for (const auth of ["bearer /secret", "basic joe /secret"]) {
    const section = sectionFor(api, `auth = ${auth}\nheader = X-Key: topkey`);
    const address = addressOf(section, { "/secret": "hidden-one" });
    const { message } = await assertRejects(() => address.move("web1"), MoveError);
    assertEquals(/hidden-one|topkey|am9lOm/.test(message), false, message);
  }
});
