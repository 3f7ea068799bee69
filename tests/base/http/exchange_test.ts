import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { exchange, type Reply } from "../../../lib/base/http/exchange.ts";
import { requestText } from "../../../lib/base/http/request_text.ts";
import type { Line } from "../../../lib/base/http/line.ts";
import { maxReplyBytes, ReplyError } from "../../../lib/base/http/reply_error.ts";

const request = { method: "GET", target: "/", host: "a.test", headers: {} };

/** A line whose other end says this, in pieces of so many bytes, and then ends. */
function saying(reply: string, pieceBytes = Infinity): Line {
  let rest = new TextEncoder().encode(reply);
  return {
    write: (bytes) => Promise.resolve(bytes.length),
    read(into) {
      if (rest.length === 0) return Promise.resolve(null);
      const piece = rest.subarray(0, Math.min(pieceBytes, into.length));
      into.set(piece);
      rest = rest.subarray(piece.length);
      return Promise.resolve(piece.length);
    },
    close() {},
  };
}

function replyTo(text: string, pieceBytes?: number): Promise<Reply> {
  return exchange(saying(text, pieceBytes), request, { signal: new AbortController().signal });
}

const ok = "HTTP/1.1 200 OK\r\n";

/** A whole reply of each form, and its body. */
const replies: [what: string, text: string, body: string][] = [
  ["a length", `${ok}Content-Length: 5\r\n\r\nhello`, "hello"],
  ["a length told twice", `${ok}Content-Length: 5\r\ncontent-length: 5\r\n\r\nhello`, "hello"],
  ["more than its length", `${ok}Content-Length: 5\r\n\r\nhello world`, "hello"],
  ["no length", `${ok}\r\nhello`, "hello"],
  ["HTTP/1.0", "HTTP/1.0 200\r\n\r\nhello", "hello"],
  [
    "chunks",
    `${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\n\r\n`,
    "hello",
  ],
  ["trailers", `${ok}Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n`, "hello"],
  [
    "chunks and a length",
    `${ok}Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    "hello",
  ],
  [
    "interim replies",
    `HTTP/1.1 103 Hints\r\nLink: <a>\r\n\r\n${ok}Content-Length: 2\r\n\r\nok`,
    "ok",
  ],
  ["no carriage returns", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "ok"],
  ["no content", "HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n", ""],
];
for (const [what, text, body] of replies) {
  Deno.test(`exchange: a reply with ${what} is read, in whatever pieces it comes`, async () => {
    for (const pieceBytes of [1, 7, Infinity]) {
      const reply = await replyTo(text, pieceBytes);
      assertEquals([new TextDecoder().decode(reply.body), reply.fault], [body, undefined]);
    }
  });
}

Deno.test("exchange: headers are told by their names, with what belongs together", async () => {
  const { status, headers } = await replyTo(
    "HTTP/1.1 302 Found\r\nLocation:  /there \r\nA: 1\r\na: 2\r\nB: long\r\n  er\r\nC:\r\n\r\n",
  );
  assertEquals([status, Object.fromEntries(headers)], [302, {
    location: "/there",
    a: "1, 2",
    b: "long, er",
    c: "",
  }]);
});

Deno.test("exchange: a head that is none is told apart", async () => {
  const heads: [string, string][] = [
    ["", "cut"],
    ["HTTP/1.1 200 OK\r\nA: b", "cut"],
    ["SSH-2.0-OpenSSH_9.9\r\n", "malformed"],
    ["HTTP/1.1 20x\r\n\r\n", "malformed"],
    ["HTTP/2 200 OK\r\n\r\n", "malformed"],
    [`${ok}no colon\r\n\r\n`, "malformed"],
    [`${ok} goes on from nothing\r\n\r\n`, "malformed"],
    ["HTTP/1.1 101 Other\r\n\r\n", "switched"],
    [`${ok}A: ${"b".repeat(maxReplyBytes)}\r\n\r\n`, "too long"],
    ["HTTP/1.1 100 Continue\r\n\r\n".repeat(9_000), "too long"],
  ];
  for (const [head, kind] of heads) {
    const error = await assertRejects(() => replyTo(head), ReplyError);
    assertEquals(error.kind, kind, head.slice(0, 100));
  }
});

Deno.test("exchange: of a body that is cut off the status and the beginning are told", async () => {
  const bodies: [string, string, string][] = [
    ["Content-Length: 9\r\n\r\nhello", "cut", "hello"],
    ["Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "cut", "hello"],
    ["Transfer-Encoding: chunked\r\n\r\n5\r\nhello world\r\n", "malformed", "hello"],
    ["Transfer-Encoding: chunked\r\n\r\n-5\r\nhello", "malformed", ""],
    ["Transfer-Encoding: gzip\r\n\r\nhello", "malformed", ""],
    ["Content-Length: -5\r\n\r\nhello", "malformed", ""],
    ["Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "malformed", ""],
  ];
  for (const [rest, kind, body] of bodies) {
    const reply = await replyTo(`HTTP/1.1 401 No\r\n${rest}`);
    const { kind: found } = reply.fault as ReplyError;
    assertEquals([reply.status, found, new TextDecoder().decode(reply.body)], [401, kind, body]);
  }
});

Deno.test("exchange: whatever comes is a reply, or an error that says why not", async () => {
  const text = fc.array(fc.oneof(
    fc.constantFrom(ok, "\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: 3\r\n", "5\r\n"),
    fc.constantFrom("HTTP/1.1 100 C\r\n", "0\r\n", ": ", " ", "abc", "\n"),
    fc.string(),
  )).map((parts) => parts.join(""));
  await fc.assert(fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (text, bytes) => {
    const end = await replyTo(text, bytes).catch((error) => error);
    if (!(end instanceof ReplyError)) assertEquals(end.status >= 200, true);
  }));
});

Deno.test("requestText: a head is written whole, and nothing gets into it", () => {
  const form = { ...request, method: "POST", headers: { accept: "a/b" }, body: "ä=1" };
  assertEquals(
    requestText(form),
    "POST / HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\naccept: a/b\r\ncontent-length: 4\r\n\r\nä=1",
  );
  assertEquals(requestText({ ...request, method: "PUT" }).includes("content-length: 0\r\n"), true);
  assertEquals(requestText(request).includes("content-length"), false);
  assertThrows(() => requestText({ ...request, headers: { a: "b\r\nc: d" } }), TypeError);
  assertThrows(() => requestText({ ...request, target: "/\n" }), TypeError);
});
