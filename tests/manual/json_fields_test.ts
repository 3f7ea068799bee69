import { assert, assertEquals } from "@std/assert";

/** The files that print JSON, each with the commands that the manual's table has a row about. */
const printers: Readonly<Record<string, string>> = {
  "lib/cli/_switch_over.ts": "drain",
  "lib/cli/by_hand/_outcome.ts": "takeover",
  "lib/cli/doctor.ts": "doctor",
  "lib/cli/promote.ts": "promote",
  "lib/cli/restart.ts": "restart",
  "lib/cli/resume.ts": "resume",
  "lib/node/log.ts": "node --log-format json",
};

Deno.test("the manual's table of JSON has each field that a command prints", async () => {
  const chapter = await Deno.readTextFile("lib/manual/commands.md");
  for (const [file, command] of Object.entries(printers)) {
    const row = chapter.split("\n").find((line) =>
      /^\|.*\|.*\|$/.test(line) &&
      line.split("|")[1].includes(`\`${command}\``) && /`message`|`answers`/.test(line)
    );
    assert(row !== undefined, command);
    const source = await Deno.readTextFile(file);
    const objects = [...source.matchAll(/JSON\.stringify\(\{ (.*?) \}\)/g)];
    assertEquals(objects.length, 1, file);
    for (const field of objects[0][1].split(", ")) {
      const [name] = field.split(":");
      assert(row.includes(`\`${name}\``), `${command}: ${name}`);
    }
  }
});
