import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Invalid } from "../../lib/base/invalid.ts";
import { expand } from "../../lib/config/expand.ts";

const options: Record<string, string> = { who: "joe", dir: "/etc", evil: "$(HOME) %(who)" };
const env: Record<string, string> = { HOME: "/root", CREDENTIALS: "/run/creds" };
const files: Record<string, string> = {
  "/etc/secret": "pa ss\n",
  "/run/creds/robot": "%(who)\r\n",
  "/two": "a\n\n",
};
const references = {
  option: (name: string) => options[name],
  env: (name: string) => env[name],
  file: (path: string) => files[path],
};

const cases: [what: string, text: string, value: string, unresolved?: string[]][] = [
  ["an earlier option", "a%(who)b %(who)", "ajoeb joe"],
  ["an environment variable", "$(HOME)/x", "/root/x"],
  ["a file, without its last end of line", "@(/etc/secret)!", "pa ss!"],
  ["only the last end of line", "@(/two)", "a\n"],
  ["one in another, the inner first", "@(%(dir)/secret)", "pa ss"],
  ["what comes out of a file is not looked at again", "@($(CREDENTIALS)/robot)", "%(who)"],
  ["nor what comes out of an option", "%(evil)", "$(HOME) %(who)"],
  ["what has no value stays", "%(x) $(Y) @(/z)", "%(x) $(Y) @(/z)", ["%(x)", "$(Y)", "@(/z)"]],
  ["nor is a name that holds another without one tried", "@($(Y)/$(HOME))", "@($(Y)//root)", [
    "$(Y)",
  ]],
  ["it is told as it was written", "@(%(who))", "@(joe)", ["@(%(who))"]],
  ["what is not closed stays", "a $(HOME", "a $(HOME"],
  ["sigils alone stay", "100% $5 a@b %", "100% $5 a@b %"],
];
for (const [what, text, value, unresolved = []] of cases) {
  Deno.test(what, () => {
    const expanded = expand(text, references);
    assertEquals([expanded.value, expanded.unresolved], [value, unresolved]);
  });
}

Deno.test("references stand in each other ten deep; what is deeper is text", () => {
  const same = { ...references, option: (name: string) => name };
  const nested = (depth: number) => expand("%(".repeat(depth) + "x" + ")".repeat(depth), same);
  assertEquals([nested(10).value, nested(11).value], ["x", "%(x)"]);
});

Deno.test("references bring in 1 MiB together, and no more", () => {
  const half = "x".repeat(512 * 1024);
  const large = { ...references, option: () => half, env: () => `${half}x` };
  assertEquals(expand("%(a)%(b)", large).value.length, 1024 * 1024);
  assertThrows(() => expand("%(a)$(B)", large), Invalid, "more than 1 MiB");
});

Deno.test("any text is expanded; one without references stays as it is", () => {
  const nothing = { option: () => undefined, env: () => undefined, file: () => undefined };
  const pieces = fc.array(fc.constantFrom("%(", "$(", "@(", ")", "a", "%", "("), {
    maxLength: 200,
  });
  fc.assert(fc.property(pieces, (pieces) => {
    const text = pieces.join("");
    assertEquals(expand(text, nothing).value, text);
  }));
});
