// The tokens of OAuth2: fetched, kept, fetched anew, refused.
import { assertEquals, assertRejects } from "@std/assert";
import { forgetTokens } from "../../lib/http_api/_token.ts";
import { moveAddress } from "../../lib/move/move_address.ts";
import { MoveError } from "../../lib/move/move_error.ts";
import { type Api, type Got, startApi } from "../lab/any_api.ts";
import { addressOf } from "./_setup.ts";

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });
const isToken = ({ path }: Got) => path === "/token";
const section = ({ url }: Api, auth: string) =>
  `ip = 192.0.2.1\nhere = web1\nurl = ${url}/move\ntimeout = 2\nauth = ${auth}\n`;
const files = { "/secret": "hidden-one", "/other": "hidden-two" };

/** An API that gives tokens `token-1`, `token-2`, …, of which the ones that are good may move. */
function startWithTokens(
  isGood: (token: number) => boolean,
  more: Record<string, unknown> = {},
  refusal = 401,
) {
  forgetTokens();
  let count = 0;
  return startApi((got) => {
    if (isToken(got)) return json({ access_token: `token-${++count}`, expires_in: 600, ...more });
    const number = Number(/^Bearer token-(\d+)$/.exec(got.headers.get("authorization") ?? "")?.[1]);
    return json({}, isGood(number) ? 200 : refusal);
  });
}

Deno.test("client credentials give a token, which is kept", async () => {
  await using api = startWithTokens(() => true);
  const address = addressOf(
    section(api, `client-credentials ${api.url}/token me /secret a b`),
    files,
  );
  await address.move("web1");
  await address.move("web1");
  assertEquals(api.asked(), [
    "POST /token grant_type=client_credentials&client_secret=hidden-one&client_id=me&scope=a+b",
    "POST /move",
    "POST /move",
  ]);
});

Deno.test("requests at one time fetch one token", async () => {
  await using api = startWithTokens(() => true);
  const address = addressOf(section(api, `client-credentials ${api.url}/token me /secret`), files);
  await Promise.all([address.move("web1"), address.move("web1"), address.move("web1")]);
  assertEquals(api.got.filter(isToken).length, 1);
});

Deno.test("a token that has ended early is fetched anew, once, be the refusal 401 or 403", async () => {
  for (const status of [401, 403]) await endedEarly(status);
});

async function endedEarly(status: number): Promise<void> {
  let isOver = false;
  await using api = startWithTokens((token) => !isOver || token === 2, {}, status);
  const address = addressOf(section(api, `client-credentials ${api.url}/token me /secret`), files);
  await address.move("web1");
  isOver = true;
  await address.move("web1");
  assertEquals(api.got.map(({ path }) => path), ["/token", "/move", "/move", "/token", "/move"]);
}

Deno.test("a switch that is refused with a fresh token, too, is refused", async () => {
  await using api = startWithTokens((token) => token === 0, {}, 403);
  const address = addressOf(section(api, `client-credentials ${api.url}/token me /secret`), files);
  for (const requests of [2, 5]) {
    const error = await assertRejects(() => address.move("web1"), MoveError);
    assertEquals([error.code, api.got.length], ["HTTP_403", requests]);
  }
});

Deno.test("a token that ends between a switch and its poll is fetched anew, and nothing asked twice", async () => {
  let polls = 0;
  forgetTokens();
  let tokens = 0;
  await using api = startApi((got) => {
    if (isToken(got)) return json({ access_token: `token-${++tokens}`, expires_in: 600 });
    if (got.method === "POST") return json({ id: 7 }, 202);
    const isFresh = got.headers.get("authorization") === "Bearer token-2";
    return isFresh ? json({ s: ++polls > 1 ? "done" : "runs" }) : json({}, 401);
  });
  const more = `poll-url = ${api.url}/task/{reply:/id}\npoll-done = /s = done\n`;
  const auth = `client-credentials ${api.url}/token me /secret`;
  const result = await moveAddress(addressOf(section(api, auth) + more, files), "web1");
  assertEquals([result.outcome, api.got.filter(({ path }) => path === "/move").length], [
    "routed",
    1,
  ]);
});

Deno.test("a new refresh token that is refused gives way to the file's", async () => {
  forgetTokens();
  let count = 0;
  await using api = startApi((got) => {
    if (!isToken(got)) return json({}, count < 2 ? 401 : 200);
    if (got.body.includes("next-one")) return json({ error: "invalid_grant" }, 400);
    return json({ access_token: `token-${++count}`, refresh_token: "next-one" });
  });
  const address = addressOf(section(api, `refresh-token ${api.url}/token me /secret`), files);
  await assertRejects(() => address.move("web1"), MoveError);
  const error = await assertRejects(() => address.move("web1"), MoveError);
  assertEquals(error.code, "UNAUTHORIZED");
  // By order: the file may be another by now, and is read at a start.
  await address.move("web1");
});

Deno.test("a fresh token that is refused is a refused login", async () => {
  await using api = startWithTokens(() => false);
  const address = addressOf(section(api, `client-credentials ${api.url}/token me /secret`), files);
  const error = await assertRejects(() => address.move("web1"), MoveError);
  assertEquals([error.code, address.meaning(error)], ["UNAUTHORIZED", "refused"]);
  assertEquals(api.got.length, 2);
});

Deno.test("a new refresh token takes the place of the file's", async () => {
  let isOver = false;
  await using api = startWithTokens((token) => !isOver || token > 1, { refresh_token: "next-one" });
  const address = addressOf(section(api, `refresh-token ${api.url}/token me /secret`), files);
  await address.move("web1");
  isOver = true;
  await address.move("web1");
  assertEquals(api.got.filter(isToken).map(({ body }) => body), [
    "grant_type=refresh_token&refresh_token=hidden-one&client_id=me",
    "grant_type=refresh_token&refresh_token=next-one&client_id=me",
  ]);
});

Deno.test("where no token comes, nothing was asked; the reason is told without secrets", async () => {
  const replies: [Response | undefined, code: string, meaning: string, message: RegExp][] = [
    [
      json({ error: "invalid_grant", error_description: "hidden-one is over" }, 400),
      "UNAUTHORIZED",
      "refused",
      /gives no token \(status 400\): invalid_grant: \*\*\* is over$/,
    ],
    [json({}, 401), "UNAUTHORIZED", "refused", /status 401/],
    [json({}, 500), "NO_TOKEN", "busy", /status 500/],
    [json({ access_token: 7 }), "NO_TOKEN", "busy", /status 200/],
    [new Response("null"), "NO_TOKEN", "busy", /status 200/],
    [undefined, "ECONNRESET", "busy", /^no token: /],
  ];
  for (const [reply, code, meaning, message] of replies) {
    forgetTokens();
    await using api = startApi(() => reply);
    const address = addressOf(section(api, `refresh-token ${api.url}/token me /secret`), files);
    const error = await assertRejects(() => address.move("web1"), MoveError);
    assertEquals(
      [address.meaning(error), message.test(error.message)],
      [meaning, true],
      error.message,
    );
    if (reply !== undefined) assertEquals(error.code, code);
    assertEquals(api.got.filter((got) => !isToken(got)), []);
  }
});
