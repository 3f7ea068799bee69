import type { Command } from "./command.ts";
import { type CommandEntry, commands } from "./commands.ts";
import { didYouMean } from "./nearest.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { printed } from "./print.ts";
import { UsageError } from "./usage_error.ts";

/** `failover help [COMMAND]` */
export const command: Command = {
  help: `failover help [COMMAND]

Shows what there is, or what a subcommand takes: the same as failover COMMAND --help.

Examples:
  failover help
  failover help takeover
`,
  async run(args) {
    const { rest: [name, ...more] } = parseOptions(args, command.help);
    expectNothing(more);
    if (name === undefined) return printed(overview());
    const { command: asked } = await find(name).load();
    return printed(asked.help);
  },
};

/** The list of the subcommands. */
export function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const rows = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`);
  return `failover: IP failover for dedicated servers

Usage: failover COMMAND [OPTIONS]

${rows.join("")}
What a command takes: failover help COMMAND, or failover COMMAND --help.

Examples:
  failover demo
  failover init
  failover node --check-config
  failover node
  failover takeover --ip 4.4.4.4

Exit status: 0 done; 1 failed, or refused for good; 2 wrong usage or configuration, nothing was
done; 75 try again later.
`;
}

/** @throws UsageError when there is no such subcommand, naming the nearest one */
export function find(name: string): CommandEntry {
  const entry = commands.find((command) => command.name === name);
  if (entry !== undefined) return entry;
  const names = commands.map((command) => command.name);
  if (!name.startsWith("-")) {
    throw new UsageError(`there is no command ${name}${didYouMean(name, names)}`);
  }
  const [option] = name.split("=");
  const meant = didYouMean(option.replace(/^-+/, ""), ["help", "version"], "--");
  throw new UsageError(
    `there is no option ${option} before the command${
      meant || ": right would be failover COMMAND"
    }`,
  );
}
