import { assertEquals } from "@std/assert";
import { cleanser } from "../../lib/base/cleanser.ts";
import { quotedBody, quotedRedirect } from "../../lib/move/quoted_reply.ts";

const clean = cleanser(["secret-token"]);

Deno.test("quotedBody: the beginning, without secrets, also where the cut is in one", () => {
  const quoted = (text: string) => quotedBody(new TextEncoder().encode(text), clean);
  assertEquals(quoted("no\nJSON of secret-token"), ": no JSON of ***");
  assertEquals(quoted(""), ", it is empty");
  assertEquals(quotedBody(new Uint8Array(), clean, ""), "");
  assertEquals(quoted(`${"x".repeat(195)}secret-token`).includes("secret"), false);
});

Deno.test("quotedRedirect: the target, without secrets", () => {
  const to = "https://u:p@example.com/secret-token?key=1";
  assertEquals(quotedRedirect(to, clean), "a redirect to https://***@example.com/***?key=***");
  assertEquals(quotedRedirect(undefined, clean), "a redirect");
});
