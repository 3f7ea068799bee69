import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { plainText } from "../../lib/base/plain_text.ts";
import { meaningOf } from "../../lib/robot/meaning.ts";
import { parseError } from "../../lib/robot/errors.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const error = (status: number, fields: unknown) =>
  parseError(status, bytes(JSON.stringify({ error: fields })));

Deno.test("an error of the Robot's has its code and message", () => {
  const { kind, status, code, message } = error(409, {
    status: 409,
    code: "FAILOVER_LOCKED",
    message: "The failover is locked",
  });
  assertEquals([kind, status, code, message], [
    "refused",
    409,
    "FAILOVER_LOCKED",
    "The failover is locked",
  ]);
  assertEquals(error(404, { code: "NOT_FOUND" }).message, "not found");
});

Deno.test("the HTTP status counts, not its copy in the body", () => {
  assertEquals(error(500, { status: 409, code: "FAILOVER_LOCKED" }).status, 500);
});

Deno.test("INVALID_INPUT names the fields, as lists or null", () => {
  const both = error(400, {
    code: "INVALID_INPUT",
    message: "invalid input",
    missing: ["a", "b"],
    invalid: ["c"],
  });
  assertEquals([both.missing, both.invalid], [["a", "b"], ["c"]]);
  assertEquals(both.message, "invalid input; missing: a, b; invalid: c");
  for (const nothing of [null, undefined, [], "a", { a: 1 }, [1, null, ["a"]], [""]]) {
    const { missing, message } = error(400, { code: "INVALID_INPUT", missing: nothing });
    assertEquals([missing, message], [undefined, "invalid input"]);
  }
  const many = error(400, { code: "INVALID_INPUT", missing: Array(1000).fill("x".repeat(1000)) });
  assertEquals(many.missing!.length, 20);
  assert(many.message.length < 2000);
});

Deno.test("RATE_LIMIT_EXCEEDED tells how many and how long", () => {
  const limit = (interval: unknown) => {
    const fields = { code: "RATE_LIMIT_EXCEEDED", max_request: 50, interval };
    return error(403, fields).retryAfterMs;
  };
  assertEquals(limit(3600), 3_600_000);
  assertEquals(limit("3600"), 3_600_000);
  assertEquals(limit(0), 0);
  for (const strange of [null, undefined, -1, 1.5, "1e3", "", "soon", [3600], 1e300, {}, true]) {
    // Reports of a block tell of minutes, where the reply tells nothing.
    assertEquals(limit(strange), 300_000, JSON.stringify(strange));
  }
  const { maxRequest } = error(403, { code: "RATE_LIMIT_EXCEEDED", max_request: 50 });
  assertEquals(maxRequest, 50);
  assertEquals(error(500, { code: "FAILOVER_FAILED", interval: 5 }).retryAfterMs, undefined);
});

const bodies = ["", "<html>", "{}", '{"error":{"code":"FORBIDDEN","message":"go away"}}'];
for (const [status, code] of [[403, "LOGIN_OR_BLOCK"], [407, "PROXY_UNAUTHORIZED"]] as const) {
  Deno.test(`a ${status} without a known code may be a failed login, and is one until told`, () => {
    for (const body of bodies) {
      const error = parseError(status, bytes(body));
      assertEquals([error.kind, error.code, error.retryAfterMs], ["refused", code, undefined]);
      assertEquals(meaningOf(error), "refused");
    }
  });
  Deno.test(`a ${status} that says when to come again is a limit`, () => {
    for (const body of bodies) {
      const error = parseError(status, bytes(body), { retryAfterMs: 7000 });
      assertEquals([error.code, error.retryAfterMs], ["TOO_MANY_REQUESTS", 7000]);
      assertEquals(meaningOf(error), "limited");
    }
  });
}

Deno.test("a 403 with an interval is a limit, whatever its code", () => {
  const { code, retryAfterMs } = error(403, { code: "BANNED", interval: 60 });
  assertEquals([code, retryAfterMs], ["TOO_MANY_REQUESTS", 60_000]);
});

Deno.test("a 429 is a limit, for as long as it says, else for minutes", () => {
  for (const body of [...bodies, '{"error":{"code":"RATE_LIMIT_EXCEEDED"}}']) {
    const said = parseError(429, bytes(body), { retryAfterMs: 7000 });
    assertEquals([meaningOf(said), said.retryAfterMs], ["limited", 7000]);
    const silent = parseError(429, bytes(body));
    assertEquals([meaningOf(silent), silent.retryAfterMs], ["limited", 300_000]);
  }
});

Deno.test("a 401 is a failed login, whatever its body", () => {
  for (const body of ["", "<html>", "{}", '{"error":{"code":"RATE_LIMIT_EXCEEDED"}}']) {
    const { kind, code, status } = parseError(401, bytes(body));
    assertEquals([kind, code, status], ["refused", "UNAUTHORIZED", 401]);
  }
});

Deno.test("what is not the Robot's is shown, with its status and its beginning", () => {
  for (
    const body of [
      "",
      "<html><b>Bad\tGateway</b>\r\n</html>",
      "null",
      "[]",
      '"x"',
      '{"error":null}',
      '{"error":[]}',
      '{"error":{"code":5}}',
      '{"error":{"code":"no code\\u001b[2J"}}',
      '{"error":{"code":""}}',
      "\xff\xfe",
    ]
  ) {
    const { kind, code, status, message } = parseError(502, bytes(body));
    assertEquals([kind, code, status], ["unreadable", "UNREADABLE_REPLY", 502], body);
    assertMatch(message, /status 502/);
  }
  const { message } = parseError(502, bytes("<b>Bad\tGateway</b>\r\n" + "x".repeat(60_000)));
  assertMatch(message, /: <b>Bad Gateway<\/b> x+…$/);
  assert(message.length < 260);
});

Deno.test("a 503 is maintenance, with JSON and without", () => {
  assertEquals(parseError(503, bytes("<html>")).code, "MAINTENANCE");
  assertEquals(error(503, { code: "SERVICE_UNAVAILABLE" }).status, 503);
});

Deno.test("a redirect names its target", () => {
  const { kind, code, message } = parseError(301, bytes(""), { location: "https://elsewhere/" });
  assertEquals([kind, code], ["unreadable", "REDIRECT"]);
  assertMatch(message, /https:\/\/elsewhere\/ \(status 301\)/);
  const codes = [299, 300, 399, 400].map((status) => parseError(status, bytes("")).code);
  assertEquals(codes, ["UNREADABLE_REPLY", "REDIRECT", "REDIRECT", "UNREADABLE_REPLY"]);
});

// Every UTF-16 unit, lone surrogates as well.
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff }))
  .map((units) => String.fromCharCode(...units));

Deno.test("plain text has no control characters and is bounded", () => {
  assertEquals(plainText("\x1b[31mred\x07\r\n\u202eleft\u2028x", 100), "[31mred left x");
  assertEquals(plainText("abc", 3), "abc");
  assertEquals(plainText("abcd", 3), "ab…");
  fc.assert(
    fc.property(
      anyText,
      fc.integer({ min: 1, max: 50 }),
      (text, n) => {
        const plain = plainText(text, n);
        assert(plain.length <= n && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(plain));
      },
    ),
  );
});

Deno.test("any body, with any status, makes an error and never throws", () => {
  const fields = fc.dictionary(
    fc.constantFrom("status", "code", "message", "missing", "invalid", "max_request", "interval"),
    fc.oneof(fc.jsonValue(), fc.constantFrom("INVALID_INPUT", "RATE_LIMIT_EXCEEDED")),
  );
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }),
    fc.json().map(bytes),
    fields.map((fields) => bytes(JSON.stringify({ error: fields }))),
  );
  fc.assert(fc.property(fc.integer({ min: 100, max: 999 }), body, (status, body) => {
    const { kind, code, message, ...rest } = parseError(status, body);
    assert(kind === "refused" || kind === "unreadable");
    assertMatch(code, /^[A-Z][A-Z0-9_]+$/);
    assert(message.length > 0 && message.length < 3000 && !/\p{Cc}/u.test(message));
    assertEquals(rest.status, status);
    const { retryAfterMs = 0, maxRequest = 0 } = rest;
    assert(retryAfterMs >= 0 && maxRequest >= 0 && Number.isSafeInteger(retryAfterMs + maxRequest));
  }));
});
