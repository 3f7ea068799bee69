import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bashScript } from "../../lib/cli/completions/_bash.ts";
import { completedCommands } from "../../lib/cli/completions/_completed.ts";
import { commands } from "../../lib/cli/commands.ts";
import { actionHelp, optionHelp } from "../../lib/cli/option_help.ts";
import { namesOf } from "../../lib/base/option_row.ts";
import { findOption, options } from "../../lib/config/options.ts";
import { topics } from "../../lib/manual/topics.ts";
import { actionKinds } from "../../lib/node/configuration.ts";

function helpFor(name: string): string {
  const row = findOption(name);
  assert(row !== undefined, name);
  return optionHelp(row);
}

Deno.test("optionHelp: what an option is, its unit, default, reload and an example", () => {
  assertEquals(
    helpFor("legion-quorum"),
    `legion-quorum = NAME N

Votes needed for a lord: more than half of all nodes.

  lines    the last one of each legion counts
  unit     votes
  default  0
  reload   in place

Example:

  legion-quorum = failover 3

All options: failover help configuration
`,
  );
});

Deno.test("optionHelp: what needs a restart is named, and another name of the option", () => {
  assertStringIncludes(
    helpFor("legion-lease"),
    "\n  reload   in place; legion-lease to or from off needs a restart\n",
  );
  assertStringIncludes(
    helpFor("legion-auth"),
    "\n  reload   another legion-auth needs a restart\n",
  );
  assertStringIncludes(helpFor("stats-server"), "\n  also     stats-server\n");
});

Deno.test("optionHelp: the keys of a keyval list, with their defaults", () => {
  assertStringIncludes(
    helpFor("legion-check"),
    `
  http=URL
      ask by HTTP, which must answer 2xx
  tcp=HOST:PORT
      ask by a connection, which must be accepted
  status=N, by default 2xx
      the only right status of \`http\`
  ca=FILE
      a PEM file that \`http\` trusts besides the system's certificates
  interval=SECONDS, by default 2
`,
  );
});

for (const row of options) {
  Deno.test(`optionHelp: ${row.name} fits into lines of 80 characters`, () => {
    for (const line of optionHelp(row).split("\n")) assert(line.length <= 80, line);
  });
}

for (const kind of actionKinds.filter(({ keys }) => keys.length > 0)) {
  Deno.test(`actionHelp: ${kind.kind} has all its keys, in lines of 80 characters`, () => {
    const lines = actionHelp(kind).split("\n");
    for (const line of lines) assert(line.length <= 80, line);
    for (const { name } of kind.keys) assert(lines.some((line) => line.startsWith(`  ${name}`)));
  });
}

Deno.test("no option has the name of a command or topic, which would hide it", () => {
  const taken = namesOf([...commands, ...topics]);
  assertEquals(namesOf(options).filter((name) => taken.includes(name)), []);
});

Deno.test("a shell completes the options behind failover help", async () => {
  const help = (await completedCommands()).find(({ name }) => name === "help");
  const missing = namesOf(options).filter((name) => !help?.words.includes(name));
  assertEquals(missing, []);
  assertStringIncludes(bashScript(await completedCommands()), " legion-quorum ");
});
