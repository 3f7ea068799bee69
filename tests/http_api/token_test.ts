// The tokens of OAuth2: fetched, kept, fetched anew, refused.
import { assertEquals, assertRejects } from "@std/assert";
import { forgetTokens } from "../../lib/http_api/_token.ts";
import { MoveError } from "../../lib/move/move_error.ts";
import { type Api, type Got, startApi } from "../lab/any_api.ts";
import { addressOf } from "./_setup.ts";

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });
const isToken = ({ path }: Got) => path === "/token";
const section = ({ url }: Api, auth: string) =>
  `ip = 192.0.2.1\nhere = web1\nurl = ${url}/move\ntimeout = 2\nauth = ${auth}\n`;
const files = { "/secret": "hidden-one", "/other": "hidden-two" };

/** An API that gives tokens `token-1`, `token-2`, …, of which the ones that are good may move. */
function startWithTokens(isGood: (token: number) => boolean, more: Record<string, unknown> = {}) {
  forgetTokens();
  let count = 0;
  return startApi((got) => {
    if (isToken(got)) return json({ access_token: `token-${++count}`, expires_in: 600, ...more });
    const number = Number(/^Bearer token-(\d+)$/.exec(got.headers.get("authorization") ?? "")?.[1]);
    return json({}, isGood(number) ? 200 : 401);
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

Deno.test("a token that has ended early is fetched anew, once", async () => {
  let isOver = false;
  await using api = startWithTokens((token) => !isOver || token === 2);
  const address = addressOf(section(api, `client-credentials ${api.url}/token me /secret`), files);
  await address.move("web1");
  isOver = true;
  await address.move("web1");
  assertEquals(api.got.map(({ path }) => path), ["/token", "/move", "/move", "/token", "/move"]);
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
