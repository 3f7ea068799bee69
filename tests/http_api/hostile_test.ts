// Replies of an HTTP API that are huge, slow, of another kind, or made to mislead.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { forgetTokens } from "../../lib/http_api/_token.ts";
import { MoveError } from "../../lib/move/move_error.ts";
import { startApi } from "../lab/any_api.ts";
import { bodyFloods, type Flood, floodingServer, floods } from "../lab/flooding_server.ts";
import { addressOf } from "./_setup.ts";

const json = (value: string, status = 200) => new Response(value, { status });
const files = { "/secret": "hidden-one" };

const sectionFor = (url: string, more = "") =>
  `ip = 192.0.2.1
here = web1
url = ${url}/move
timeout = 2
deadline = 5
look-url = ${url}/look
look-at = /at
${more}`;

const drip: Flood = { first: "HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n", again: () => " " };

Deno.test("an endless reply ends with its size or with the time for one request", async () => {
  const all: [string, Flood][] = [...Object.entries({ ...floods, ...bodyFloods }), [
    "a drip",
    drip,
  ]];
  for (const [what, flood] of all) {
    await using server = floodingServer(flood, { eachMs: flood === drip ? 20 : 0 });
    const section = sectionFor(`http://127.0.0.1:${server.port}`).replace("= 2", "= 0.5");
    const address = addressOf(section);
    for (const ask of [() => address.move("web1"), () => address.look()]) {
      const begunMs = performance.now();
      const error = await assertRejects(ask, MoveError, undefined, what);
      assert(performance.now() - begunMs < 5_000, what);
      // Whether the address was moved is open: nothing else than a look tells.
      assertEquals(address.meaning(error), "unknown", `${what}: ${error.message}`);
    }
    await server.ended();
  }
});

Deno.test("JSON as deep as a reply can be is no JSON, and ends nothing", async () => {
  const deep = "[".repeat(500_000);
  for (const body of [deep, deep + "]".repeat(500_000)]) {
    await using api = startApi(() => json(body));
    const error = await assertRejects(() => addressOf(sectionFor(api.url)).look(), MoveError);
    assertMatch(error.code, /^NO_(JSON|FIELD)$/);
    assert(error.message.length < 400);
  }
});

Deno.test("pages and redirects in the place of JSON are told by name, at each kind of request", async () => {
  const page = () => new Response("<!doctype html><title>Log in</title>");
  const redirect = () => new Response(null, { status: 302, headers: { location: "/login?k=abc" } });
  for (const [reply, code] of [[page, "NO_JSON"], [redirect, "REDIRECT"]] as const) {
    await using api = startApi(({ path }) => path === "/move" ? json('{"id": 1}') : reply());
    const poll = `poll-url = ${api.url}/task/{reply:/id}\npoll-done = /state = done\n`;
    const address = addressOf(sectionFor(api.url, poll));
    assertEquals((await assertRejects(() => address.look(), MoveError)).code, code);
    assertEquals((await address.move("web1")).status, "processing");
    const { code: polled, message } = await assertRejects(() => address.look(), MoveError);
    assertEquals([polled, message.includes("abc")], [code, false]);

    forgetTokens();
    const login = addressOf(
      sectionFor(api.url, `auth = client-credentials ${api.url}/token me /secret`),
      files,
    );
    const none = await assertRejects(() => login.move("web1"), MoveError);
    assertEquals([none.code, login.meaning(none)], ["NO_TOKEN", "busy"]);
  }
});

Deno.test("ids that a number cannot hold are told apart", async () => {
  const id = "12345678901234567891";
  await using api = startApi(({ path }) =>
    json(path === "/look" ? `{"at": ${id}}` : path === "/move" ? `{"id": ${id}}` : '{"s": 1.50}')
  );
  const poll = `poll-url = ${api.url}/task/{reply:/id}\npoll-done = /s = 1.5\n`;
  const at = async (here: string) => {
    const address = addressOf(sectionFor(api.url).replace("web1", here));
    const { pointsTo } = await address.look();
    return pointsTo !== null && address.same(pointsTo, here);
  };
  assertEquals([await at(id), await at("12345678901234567890")], [true, false]);
  const address = addressOf(sectionFor(api.url, poll));
  await address.move("web1");
  await address.look();
  assertEquals(api.got.at(-2)?.path, `/task/${id}`);
});

Deno.test("a server of any name is another one, and an empty name is none", async () => {
  const names = ['"my old box"', '"bö&x"', `"${"x".repeat(500)}"`, '"\\u0000\\n"', '"\\ud800"'];
  for (const name of names) {
    await using api = startApi(() => json(`{"at": ${name}}`));
    const address = addressOf(sectionFor(api.url));
    const { pointsTo } = await address.look();
    assert(/^[!-~]{1,64}$/.test(pointsTo ?? ""), name);
    assertEquals(address.same(pointsTo ?? "", "web1"), false);
  }
  for (const none of ['""', "null"]) {
    await using api = startApi(() => json(`{"at": ${none}}`));
    assertEquals((await addressOf(sectionFor(api.url)).look()).pointsTo, null);
  }
});
