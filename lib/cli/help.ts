import { namesOf } from "../base/option_row.ts";
import { entryNames, entryOf, itemOf, rowsAbout } from "../manual/entries.ts";
import { topics } from "../manual/topics.ts";
import type { Command } from "./command.ts";
import { type CommandEntry, commands } from "./commands.ts";
import { didYouMean } from "./nearest.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { paged } from "./_paged.ts";
import { printed } from "./print.ts";
import { wordShown } from "./quoted.ts";
import { UsageError } from "./usage_error.ts";

/** `failover help`: prints the overview, or a text about one subject. */
export const command: Command = {
  help: `failover help [COMMAND|TOPIC|OPTION]

Shows what there is; what a subcommand takes, as failover COMMAND --help does; a
chapter of the manual; what to do about a finding of failover status, or about a
line of the log; or an option of the configuration. On a terminal a pager shows
it: $PAGER, else less.

Examples:
  failover help
  failover help takeover
  failover help legion-quorum
  failover help no-quorum
  failover help "no quorum: 1 present, 2 needed"
  failover help troubleshooting
`,
  async run(args) {
    const { rest: [name, ...more] } = parseOptions(args, command.help);
    expectNothing(more);
    if (name === undefined) return printed(overview());
    return await paged(await (await findSubject(name)).text());
  },
};

/** A subject that `failover help` has a text about. */
interface Subject {
  readonly name: string;
  /** Loads the text. */
  readonly text: () => Promise<string>;
}

/** The commands and the topics; of two subjects of one name the first is shown. */
const subjects: readonly Subject[] = [
  ...commands.map(({ name, load }) => ({
    name,
    text: async () => (await load()).command.help,
  })),
  ...topics.map(({ name, load }) => ({
    name,
    text: async () => await shown((await load()).default),
  })),
];

/**
 * Finds a command, a topic, an option of the configuration, an entry of the troubleshooting, or an
 * action of a hook; of a topic the beginning of its name is enough.
 *
 * @throws UsageError when there is no such subject, naming the nearest one
 */
async function findSubject(name: string): Promise<Subject> {
  const subject = subjects.find((subject) => subject.name === name);
  if (subject !== undefined) return subject;
  // The table of options is loaded only here: no other command needs the whole of it.
  const { findOption, options } = await import("../config/options.ts");
  const option = findOption(name);
  const { actionHelp, optionHelp } = await import("./option_help.ts");
  if (option !== undefined) return { name, text: () => Promise.resolve(optionHelp(option)) };
  const { actionKinds } = await import("../node/configuration.ts");
  const chapter = await chapterOf("troubleshooting");
  const { topicOf } = await import("../node/log_topic.ts");
  const entry = entryOf(chapter, name) ?? aboutLine(chapter, name, topicOf(name));
  if (entry !== undefined) return { name, text: () => shown(entry) };
  // The manual writes them with their colon.
  const bare = name.replace(/:$/, "");
  const action = actionKinds.find(({ names }) => names.includes(bare));
  if (action !== undefined) {
    const text = async () => action.keys.length > 0 ? actionHelp(action) : await actionItem(bare);
    return { name, text };
  }
  const begun = topics.filter((topic) => name.length > 3 && topic.name.startsWith(name));
  if (begun.length === 1) return await findSubject(begun[0].name);
  const word = await aboutWord(name, [...namesOf(options), ...entryNames(chapter)]);
  if (word !== undefined) return word;
  const known = [
    ...namesOf([...subjects, ...options]),
    ...actionKinds.flatMap(({ names }) => names),
    ...entryNames(chapter),
  ];
  const meant = didYouMean(name, known);
  throw new UsageError(`there is no command, topic or option ${wordShown(name)}${meant}`);
}

/**
 * The entry about a line of the log or a finding, and the rows of the table of such lines; undefined:
 * there is neither.
 *
 * @param topic the topic that goes by what the line says; one that the line ends with comes before it
 */
function aboutLine(chapter: string, line: string, topic = ""): string | undefined {
  const [, named = topic] = /\(failover help ([a-z-]+)[,)]/.exec(line) ?? [];
  const found = [entryOf(chapter, named), rowsAbout(chapter, line)];
  return found.filter((text) => text !== undefined).join("\n") || undefined;
}

/**
 * The first of the subjects that have this word in their names, such as `legion-quorum` for `quorum`,
 * and a list of the others; undefined: none has.
 *
 * @param names the subjects' names, in the order in which they are shown
 */
async function aboutWord(word: string, names: readonly string[]): Promise<Subject | undefined> {
  const all = names.filter((name) => name.split("-").includes(word.toLowerCase()));
  const [first, ...others] = [`legion-${word.toLowerCase()}`, ...all].filter((name, index, list) =>
    all.includes(name) && list.indexOf(name) === index
  );
  if (first === undefined) return undefined;
  const { text } = await findSubject(first);
  const more = others.map((name) => `  failover help ${name}\n`).join("");
  return {
    name: first,
    text: async () => `${await text()}${more === "" ? "" : `\nSee also:\n\n${more}`}`,
  };
}

/** Markdown for whoever reads it: a person at a terminal, or a program behind a pipe. */
async function shown(markdown: string): Promise<string> {
  // Only a text of the manual needs a reader of Markdown.
  const { onTerminal } = await import("../manual/on_terminal.ts");
  if (!Deno.stdout.isTerminal()) return onTerminal(markdown);
  const columns = Math.min(Math.max(Deno.consoleSize().columns, 40), 80);
  return onTerminal(markdown, { columns, styled: !Deno.noColor });
}

/** The words of the manual about an action that has no keys. */
async function actionItem(name: string): Promise<string> {
  const item = itemOf(await chapterOf("configuration"), name) ?? "";
  return await shown(`${item}\nAll actions: \`failover help configuration\`\n`);
}

/** The text of a chapter: `troubleshooting`, whose entries are topics too, or `configuration`. */
async function chapterOf(topic: "troubleshooting" | "configuration"): Promise<string> {
  const chapter = topics.find(({ name }) => name === topic);
  return (await chapter!.load()).default;
}

/** The list of the subcommands and of the topics. */
export function overview(): string {
  const width = Math.max(...subjects.map(({ name }) => name.length));
  const rowsOf = (entries: readonly { name: string; summary: string }[]) =>
    entries.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join("");
  return `failover: IP failover for dedicated servers

Usage: failover COMMAND [OPTIONS]

${rowsOf(commands)}
What a command takes: failover help COMMAND, or failover COMMAND --help. An
option of the configuration: failover help OPTION.

The manual: failover help TOPIC

${rowsOf(topics)}
A finding of failover status, and a line of the log, ends with a topic of its
own, such as no-quorum: what it is, why, and what to type.

Examples:
  failover demo
  failover init
  failover node --check-config
  failover node
  failover takeover --ip 4.4.4.4

Exit status: 0 done; 1 failed, or refused for good; 2 wrong usage or
configuration, nothing was done; 75 try again later.
`;
}

/**
 * Finds a subcommand.
 *
 * @throws UsageError when there is no such subcommand, naming the nearest one
 */
export function find(name: string): CommandEntry {
  const entry = commands.find((command) => command.name === name);
  if (entry !== undefined) return entry;
  const names = commands.map((command) => command.name);
  if (!name.startsWith("-")) {
    throw new UsageError(`there is no command ${wordShown(name)}${didYouMean(name, names)}`);
  }
  const [option] = name.split("=");
  const meant = didYouMean(option.replace(/^-+/, ""), ["help", "version"], "--");
  throw new UsageError(
    `there is no option ${option} before the command${
      meant || ": right would be failover COMMAND"
    }`,
  );
}
