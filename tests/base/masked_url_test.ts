import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { maskedUrl, withMaskedUrls } from "../../lib/base/masked_url.ts";

const cases: [url: string, shown: string][] = [
  ["http://127.0.0.1/health?token=abc", "http://127.0.0.1/health?token=***"],
  ["https://h:8443/a/b?x=1&token=a=b&y=", "https://h:8443/a/b?x=***&token=***&y=***"],
  ["http://h/?secret", "http://h/?***"],
  ["http://h/?a=1;secret;b=2", "http://h/?a=***;***;b=***"],
  ["http://h/?a=b?secret", "http://h/?a=***"],
  ["http://h/??secret", "http://h/??***"],
  ["http://h/?=secret", "http://h/?=***"],
  ["http://h/?", "http://h/?"],
  ["http://h/#secret", "http://h/#***"],
  ["http://user:secret@h/a@b", "http://***@h/a@b"],
  ["http://user:se@cret@h/", "http://***@h/"],
  ["http:user:secret@h/", "http:***@h/"],
  ["http:\\\\user:secret@h/", "http:\\\\***@h/"],
  ["//user:secret@h/", "//***@h/"],
  ["/login?p=secret", "/login?p=***"],
  [
    "https://robot-ws.your-server.de/failover/2a01:4f8::",
    "https://robot-ws.your-server.de/failover/2a01:4f8::",
  ],
  ["", ""],
];
for (const [url, shown] of cases) {
  Deno.test(`maskedUrl: ${url}`, () => assertEquals(maskedUrl(url), shown));
}

Deno.test("maskedUrl: neither user, password, values nor fragment are shown, whatever they are", () => {
  const part = fc.string({ unit: fc.constantFrom(..."aZ9%/\\?&;=#@:+ \n") });
  fc.assert(fc.property(part, part, part, (user, query, path) => {
    const secret = "Zq7x";
    const urls = [
      `http://${encodeURIComponent(user)}:${secret}@host/${encodeURIComponent(path)}?q=1`,
      `http://host/${encodeURIComponent(path)}?a=${query}${secret}`.replaceAll(/[&;]/g, ""),
      `http://host/${encodeURIComponent(path)}?${encodeURIComponent(query)}${secret}`,
      `http://host/#${query}${secret}`,
    ];
    for (const url of urls) assert(!maskedUrl(url).includes(secret), maskedUrl(url));
  }));
});

Deno.test("withMaskedUrls: each URL in a text", () => {
  assertEquals(
    withMaskedUrls(`curl "http://h/?t=abc&u=d" https://u:p@h/x?k=v && echo 'a?b=c'`),
    `curl "http://h/?t=***&u=***" https://***@h/x?k=*** && echo 'a?b=c'`,
  );
});
