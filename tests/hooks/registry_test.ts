import { assert, assertEquals, assertThrows } from "@std/assert";
import type { KeyRow } from "../../lib/base/option_row.ts";
import { httpRows } from "../../lib/hooks/_http_keys.ts";
import { addressOf, kinds } from "../../lib/hooks/registry.ts";

Deno.test("no two kinds share a name, and each is called by its own", () => {
  const names = kinds.flatMap(({ names }) => names);
  assertEquals(names.length, new Set(names).size);
  for (const { kind, names } of kinds) assert(names.includes(kind), kind);
});

/** The rows of the manual's tables behind the line that tells of a kind of action. */
function tableOf(manual: string, kind: string): string[][] {
  const [, own = ""] = manual.split(`\n- \`${kind}:`);
  const [section] = own.split(/\n(?:- `|## )/);
  return section.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
}

Deno.test("every key of an action is in the manual, with its default", async () => {
  const manual = await Deno.readTextFile("lib/manual/configuration.md");
  for (const { kind, keys } of kinds) {
    // The actions of one provider have most keys in common: the first table tells them.
    const rows = [...tableOf(manual, kind), ...tableOf(manual, "hcloud-floating-ip")];
    for (const { name, aliases = [], default: usual, otherwise, required } of keys) {
      const [, cell = "", told] = rows.find(([, cell = ""]) => cell.includes(`\`${name}\``)) ?? [];
      for (const each of [name, ...aliases]) assert(cell.includes(`\`${each}\``), each);
      assertEquals(told, required ? "required" : usual ?? otherwise ?? "", name);
    }
  }
});

Deno.test("every key of a section [http NAME] is in the manual, with its default", async () => {
  const manual = await Deno.readTextFile("lib/manual/providers.md");
  const rows = manual.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  for (
    const { name, form, default: usual, otherwise, required } of httpRows as readonly KeyRow[]
  ) {
    const row = rows.find(([, cell]) => cell === `\`${name}\` = ${form}`);
    assertEquals(row?.[2], required ? "required" : usual ?? otherwise ?? "", name);
  }
});

Deno.test("an action of no kind is a mistake of the program, and never something else", () => {
  assertThrows(
    () => addressOf({ kind: "https", settings: {} }),
    Error,
    "no action of the kind https",
  );
});
