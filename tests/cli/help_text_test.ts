import { assert, assertEquals, assertMatch } from "@std/assert";
import { commands } from "../../lib/cli/commands.ts";
import { overview } from "../../lib/cli/help.ts";
import { helpArguments, helpOptions, knownOptions } from "../../lib/cli/help_text.ts";
import { parseOptions } from "../../lib/cli/options.ts";
import { UsageError } from "../../lib/cli/usage_error.ts";

const help = `failover thing on|off [now] --at TIME

What it does: --this is no option, since it does not begin the line.

  --at TIME                when
  --format text|json       how,
                           in which form
  --log-level debug|info|warn
                           what is logged
  --quiet                  say nothing

Examples:
  failover thing --quiet
`;

Deno.test("the options of a help text, with their values, choices and what they are for", () => {
  assertEquals(helpOptions(help), [
    { name: "at", value: "TIME", choices: [], summary: "when" },
    {
      name: "format",
      value: "text|json",
      choices: ["text", "json"],
      summary: "how, in which form",
    },
    {
      name: "log-level",
      value: "debug|info|warn",
      choices: ["debug", "info", "warn"],
      summary: "what is logged",
    },
    { name: "quiet", choices: [], summary: "say nothing" },
  ]);
  assertEquals(knownOptions(help), {
    string: ["at", "format", "log-level"],
    boolean: ["quiet"],
  });
});

Deno.test("the words that may stand behind a subcommand", () => {
  const kinds = { COMMAND: ["node", "demo"], TOPIC: ["security"] };
  assertEquals(helpArguments(help, {}), ["on", "off"]);
  assertEquals(helpArguments("failover help [COMMAND]\n", kinds), ["node", "demo"]);
  const both = helpArguments("failover help [COMMAND|TOPIC]\n", kinds);
  assertEquals(both, ["node", "demo", "security"]);
  assertEquals(helpArguments("failover status [OPTIONS]\n", kinds), []);
});

Deno.test("the overview fits into lines of 80 characters", () => {
  for (const line of overview().split("\n")) assert(line.length <= 80, line);
});

for (const { name, summary, load } of commands) {
  Deno.test(`the help of ${name} has its name, what it does, and examples`, async () => {
    const { command } = await load();
    assertMatch(command.help, RegExp(`^failover ${name}( .*)?\n\n\\S`));
    assertMatch(command.help, RegExp(`^Examples:\n  failover ${name}`, "m"));
    for (const line of command.help.split("\n")) assert(line.length <= 80, line);
    assert(command.help.endsWith("\n") && !command.help.endsWith("\n\n"));
    assert(!summary.endsWith("."), summary);
  });

  Deno.test(`the options in the help of ${name} are those that it takes`, async () => {
    const { command } = await load();
    const options = helpOptions(command.help);
    const shown = [...command.help.matchAll(/^ *--([a-z-]+)/gm)].map(([, name]) => name);
    assertEquals(options.map(({ name }) => name), shown);
    assertEquals(new Set(shown).size, shown.length);
    for (const { name, summary } of options) assert(summary !== "", name);
    // The first that is not known is refused: so the ones before are known. With --check that is an
    // answer, and no error.
    const all = options.filter(({ name }) => name !== "check").map(({ name, value, choices }) =>
      value === undefined ? `--${name}` : `--${name}=${choices[0] ?? "1"}`
    );
    const error = await refusal(() => command.run([...all, "--no-such-option"]));
    assertMatch(error.message, /^there is no option --no-such-option/);
  });

  Deno.test(`the examples in the help of ${name} have only options that it takes`, async () => {
    const { command } = await load();
    for (const [, line] of command.help.matchAll(RegExp(`^  failover ${name}\\b(.*)$`, "gm"))) {
      const args = line.split(/ [<|]/)[0].trim().split(/ +/).filter((word) => word !== "");
      parseOptions(args, command.help);
    }
  });
}

async function refusal(run: () => Promise<number>): Promise<Error> {
  try {
    await run();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
