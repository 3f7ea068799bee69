import { assertEquals, assertThrows } from "@std/assert";
import { parseTemplate, render, UnusableField } from "../../lib/http_api/template.ts";
import { findAt } from "../../lib/http_api/pointer.ts";
import { parseCondition, saysOne } from "../../lib/http_api/condition.ts";

const values = { ip: "2001:db8::1", here: 'a"b&c', node: "n 1", legion: "l/x" };

function rendered(text: string, as: "url" | "form" | "json" | "header", reply?: unknown): string {
  return render(parseTemplate(text, { as, hasReply: reply !== undefined }), values, reply);
}

Deno.test("render: a value is written as its place needs it", () => {
  assertEquals(
    rendered("http://h/{ip}/{legion}?n={node}", "url"),
    "http://h/2001%3Adb8%3A%3A1/l%2Fx?n=n%201",
  );
  assertEquals(rendered("a={here}&b={node}", "form"), "a=a%22b%26c&b=n+1");
  assertEquals(
    rendered('{"a": "x {here}", "b": {here}}', "json"),
    '{"a": "x a\\"b&c", "b": "a\\"b&c"}',
  );
  const number = parseTemplate('{"a": {here}, "b": "{here}", "c": {node}}', { as: "json" });
  assertEquals(
    render(number, { ...values, here: "42", node: "007" }),
    '{"a": 42, "b": "42", "c": "007"}',
  );
});

Deno.test("render: a field of the reply is put in, and no path of dots, object or long text", () => {
  assertEquals(rendered("{reply:/a/0/b~1c}", "url", { a: [{ "b/c": 7 }] }), "7");
  for (const id of ["..", ".", "", null, {}, "x".repeat(513)]) {
    assertThrows(() => rendered("{reply:/id}", "url", { id }), UnusableField);
  }
  assertThrows(() => rendered("{reply:/id}", "url", []), UnusableField, "no field /id");
});

Deno.test("findAt: RFC 6901, and null on the way is the value", () => {
  const document = { a: [1, { "": 2, "~": 3 }], n: null };
  assertEquals(findAt(document, "/a/1/"), { value: 2 });
  assertEquals(findAt(document, "/a/1/~0"), { value: 3 });
  assertEquals(findAt(document, "/n/id"), { value: null });
  assertEquals(findAt(document, "/a/7"), undefined);
  assertEquals(findAt(document, "/toString"), undefined);
  assertEquals(findAt("text", "/length"), undefined);
});

Deno.test("saysOne: a status, a field, or both", () => {
  const says = (text: string, status: number, json?: unknown) =>
    saysOne({ status, json }, [parseCondition(text)]);
  assertEquals(says("409, 420-429", 423), true);
  assertEquals(says("409", 410), false);
  assertEquals(says("/a/b = in progress", 200, { a: { b: "in progress" } }), true);
  assertEquals(says("422 /n = 7", 422, { n: 7 }), true);
  assertEquals(says("422 /n = 7", 200, { n: 7 }), false);
  assertEquals(says("/a = x", 200, undefined), false);
});
