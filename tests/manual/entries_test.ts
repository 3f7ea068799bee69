import { assert, assertEquals, assertMatch } from "@std/assert";
import { helpTopics } from "../../lib/base/help_topic.ts";
import { commands } from "../../lib/cli/commands.ts";
import { options } from "../../lib/config/options.ts";
import { entryNames, entryOf, itemOf, rowsAbout } from "../../lib/manual/entries.ts";
import { topics } from "../../lib/manual/topics.ts";
import { actionKinds } from "../../lib/node/configuration.ts";

const chapter = await Deno.readTextFile(
  new URL("../../lib/manual/troubleshooting.md", import.meta.url),
);

Deno.test("entryOf: an entry ends where the next heading begins, and is found by its whole name", () => {
  const text = "# All\n\n## no-lord\n\nLook.\n\n## Lines of the log\n\nMore.\n";
  assertEquals(entryNames(text), ["no-lord"]);
  assertEquals(entryOf(text, "no-lord"), "## no-lord\n\nLook.\n");
  assertEquals(entryOf(text, "no"), undefined);
});

Deno.test("itemOf: the item of a list that names an action at its beginning, without what follows", () => {
  const text =
    "Actions:\n\n- `cmd:X` and `exec:X`: run\n  it, not `log:X`\n- `log:X`: say it\n\nMore.\n";
  assertEquals(itemOf(text, "exec"), "- `cmd:X` and `exec:X`: run\n  it, not `log:X`\n");
  assertEquals(itemOf(text, "log"), "- `log:X`: say it\n");
  assertEquals(itemOf(text, "lo"), undefined);
  assertEquals(itemOf(text, "address"), undefined);
});

Deno.test("rowsAbout: the rows about a line, whatever its figures and addresses", () => {
  const found = (line: string) =>
    rowsAbout(chapter, line)?.match(/^\| `[^|]*/gm)?.map((cell) => cell.trim());
  const ends = ["| `ends in … s: it is started again at once, …`"];
  assertEquals(found("2026 info ends in 0.5 s: it is started again at once, and may"), ends);
  const presumed = ["| `4.4.4.4 is presumed to point to …`"];
  assertEquals(found("fd00::1 is presumed to point to 2.2.2.2, and looked at again"), presumed);
  assertEquals(found("this node is the lord"), undefined);
});

Deno.test("the entries are the topics of findings and log lines, in their order", () => {
  assertEquals(entryNames(chapter), [...helpTopics]);
});

Deno.test("no command, chapter, option or action hides an entry, and none is there twice", () => {
  const others = [
    ...commands,
    ...topics,
    ...options,
    ...actionKinds.map(({ kind: name }) => ({ name })),
  ];
  const hiding = new Set(others.map(({ name }) => name));
  const names = entryNames(chapter);
  assertEquals(names.filter((name) => hiding.has(name)), []);
  assertEquals(names.length, new Set(names).size);
});

for (const name of entryNames(chapter)) {
  Deno.test(`the entry ${name} fits a terminal, and its first sentence says what it is`, () => {
    const entry = entryOf(chapter, name)!;
    assertMatch(entry, /^## \S+\n\n[A-Z`].*\./s);
    for (const line of entry.split("\n")) assert(line.length <= 100, line);
  });
}
