import type { Command } from "../command.ts";
import { completedCommands } from "./_completed.ts";
import { bashScript } from "./_bash.ts";
import { fishScript } from "./_fish.ts";
import { zshScript } from "./_zsh.ts";
import { expectNothing, parseOptions } from "../options.ts";
import { didYouMean } from "../nearest.ts";
import { printed } from "../print.ts";
import { UsageError } from "../usage_error.ts";

const scripts = new Map([["bash", bashScript], ["zsh", zshScript], ["fish", fishScript]]);
const shells = [...scripts.keys()];

/** `failover completions`: prints the completion script of a shell. */
export const command: Command = {
  help: `failover completions ${shells.join("|")}

Prints what lets a shell complete failover's subcommands and options with the
tab key. Write it to where the shell looks for it, and start a new shell. Write
it again after an update.

Examples:
  failover completions bash > /etc/bash_completion.d/failover
  failover completions zsh > /usr/local/share/zsh/site-functions/_failover
  failover completions fish > /etc/fish/completions/failover.fish
  failover completions fish > ~/.config/fish/completions/failover.fish

Exit status: 0 done; 1 it cannot be written; 2 wrong usage.
`,
  async run(args) {
    const [shell, ...more] = parseOptions(args, command.help).rest;
    expectNothing(more);
    const there = `there are ${shells.join(", ")}`;
    if (shell === undefined) throw new UsageError(`for which shell? ${there}`);
    const script = scripts.get(shell);
    if (script === undefined) {
      const meant = didYouMean(shell, shells) || `; ${there}`;
      throw new UsageError(`there are no completions for ${shell}${meant}`);
    }
    return printed(script(await completedCommands()));
  },
};
