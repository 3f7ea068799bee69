import { helpTopics } from "../../base/help_topic.ts";
import { namesOf } from "../../base/option_row.ts";
import { options } from "../../config/options.ts";
import { topics } from "../../manual/topics.ts";
import { commands } from "../commands.ts";
import { helpArguments, type HelpOption, helpOptions } from "../help_text.ts";

/** A subcommand, with all words that can be completed behind it. */
export interface CompletedCommand {
  /** The name. */
  readonly name: string;
  /** The summary in one line, which some shells show beside the name. */
  readonly summary: string;
  /** The options. */
  readonly options: readonly HelpOption[];
  /** Words that are no options: `run`, or the names of the shells. */
  readonly words: readonly string[];
}

/** The option that every subcommand takes besides its own. */
export const helpOption: HelpOption = { name: "help", choices: [], summary: "show what it takes" };

/** All subcommands with the options in their help texts, in the order of `failover help`. */
export async function completedCommands(): Promise<CompletedCommand[]> {
  const kinds = {
    COMMAND: namesOf(commands),
    TOPIC: [...namesOf(topics), ...helpTopics],
    OPTION: namesOf(options),
  };
  return await Promise.all(commands.map(async ({ name, summary, load }) => {
    const { help } = (await load()).command;
    const words = helpArguments(help, kinds);
    return { name, summary, options: [...helpOptions(help), helpOption], words };
  }));
}

/** Whether the value of an option is the name of a file. */
export function takesFile({ value = "" }: HelpOption): boolean {
  return value.startsWith("FILE");
}
