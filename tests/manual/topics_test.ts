import { assert, assertEquals, assertMatch } from "@std/assert";
import { commands } from "../../lib/cli/commands.ts";
import { topics } from "../../lib/manual/topics.ts";

const folder = new URL("../../lib/manual/", import.meta.url);

Deno.test("each chapter in the folder is a topic, and the README links to it", () => {
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
  const chapters = files.filter((name) => name.endsWith(".md"));
  assertEquals(topics.map(({ name }) => `${name}.md`).sort(), chapters.sort());
  const readme = Deno.readTextFileSync(new URL("../../README.md", import.meta.url));
  for (const chapter of chapters) assert(readme.includes(`(lib/manual/${chapter})`), chapter);
});

Deno.test("no topic has the name of a command, which would hide it", () => {
  const names = new Set(commands.map(({ name }) => name));
  assertEquals(topics.filter(({ name }) => names.has(name)), []);
});

for (const { name, summary, load } of topics) {
  Deno.test(`the chapter ${name} begins with its one heading of the first rank`, async () => {
    const { default: text } = await load();
    assertMatch(text, /^# \S.*\n\n\S/);
    const prose = text.replaceAll(/^```.*?^```$/gms, "");
    assertEquals([...prose.matchAll(/^# /gm)].length, 1);
    assert(summary.length <= 80 && !summary.endsWith("."), summary);
  });
}
