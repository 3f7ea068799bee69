// The command lines of the manual are ones that the program takes, and its shell blocks are shell.
import { assert, assertEquals } from "@std/assert";
import { commands } from "../../lib/cli/commands.ts";
import { helpArguments } from "../../lib/cli/help_text.ts";
import { parseOptions } from "../../lib/cli/options.ts";
import { namesOf } from "../../lib/base/option_row.ts";
import { options } from "../../lib/config/options.ts";
import { entryNames } from "../../lib/manual/entries.ts";
import { topics } from "../../lib/manual/topics.ts";
import { actionKinds } from "../../lib/node/configuration.ts";
import { topicOf } from "../../lib/node/log_topic.ts";

const root = new URL("../../", import.meta.url);

interface Document {
  readonly path: string;
  readonly text: string;
}

const documents: readonly Document[] = ["README.md", ...topics.map(manualPath)].map((path) => ({
  path,
  text: Deno.readTextFileSync(new URL(path, root)),
}));

function manualPath({ name }: { name: string }): string {
  return `lib/manual/${name}.md`;
}

const chapter = documents.find(({ path }) => path.endsWith("/troubleshooting.md"))!.text;
const subjects = new Set([
  ...namesOf([...commands, ...topics, ...options]),
  ...actionKinds.map(({ kind }) => kind),
  ...entryNames(chapter),
]);

const helps = new Map(
  await Promise.all(
    commands.map(async ({ name, load }) => [name, (await load()).command.help] as const),
  ),
);

/** The blocks of a document in one language, without the indentation of a list around them. */
function blocksOf({ text }: Document, language: string): string[] {
  const form = new RegExp(`^( *)\`\`\`${language}\\n(.*?)^\\1\`\`\`$`, "gms");
  return [...text.matchAll(form)].map(([, indentation, block]) =>
    block.replaceAll(new RegExp(`^${indentation}`, "gm"), "")
  );
}

/** The code within sentences. */
function spansOf({ text }: Document): string[] {
  const prose = text.replaceAll(/^( *)```.*?^\1```$/gms, "");
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, span]) => span.replaceAll(/\s+/g, " "));
}

/** The words of each call of `failover` in a shell's text, quotes undone. */
function callsIn(shell: string): string[][] {
  const lines = shell.replaceAll(/\\\n/g, " ").split("\n").map((line) =>
    line.replace(/(^| )#.*/, "")
  );
  const form = /(?<=^|[\s(;&|])(?:\S*\/)?failover +([^|&;<>)]*)/g;
  return lines.flatMap((line) =>
    // Other programs take the unit's name, the user's, or a host's before a command.
    [...line.matchAll(form)].filter(({ index }) => isCall(line.slice(0, index)))
      .map(([, words]) =>
        [...words.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)]
          .map(([, double, single, bare]) => double ?? single ?? bare)
      )
  ).filter((words) => words.length > 0);
}

/** Whether the name of the program, after this part of a line, begins a command there. */
function isCall(before: string): boolean {
  const command = before.split(/&&|\|\||[;|(]/).at(-1)!.trim();
  return /^(?:[\d*/ ]+ root|ssh \S+|sudo(?: -\S+)*|time|watch|[A-Z_]+=\S*|\s)*$/.test(command);
}

/** The reason why the program would not take these words; undefined: it takes them. */
function refusal([name, ...args]: readonly string[]): string | undefined {
  if (["--help", "-h", "--version"].includes(name)) return undefined;
  const help = helps.get(name);
  if (help === undefined) return `no command ${name}`;
  try {
    const { rest } = parseOptions(args, help);
    const topic = rest[0];
    if (name === "help" && topic !== undefined && !isSubject(topic)) return `no topic ${topic}`;
    const words = helpArguments(help, {});
    const wrong = words.length > 0 && rest.find((word) => !words.includes(word));
    return wrong ? `${name} does not take ${wrong}` : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function isSubject(name: string): boolean {
  return /^[A-Z]+$/.test(name) || subjects.has(name) || topicOf(name) !== undefined;
}

function faultsOf(calls: readonly string[][]): string[] {
  return calls.flatMap((words) => {
    const why = refusal(words);
    return why === undefined ? [] : [`failover ${words.join(" ")}: ${why}`];
  });
}

Deno.test("the calls in a shell's text are found, and those of other programs are none", () => {
  const shell = `failover status --json | jq . # failover nothing
systemctl status failover   # failover
ssh 2.2.2.2 failover help "no quorum" && chown failover /etc/x
*/5 * * * * root /usr/bin/failover lord --quiet && x
(umask 077; failover init \\
  --me 1.1.1.1)
`;
  assertEquals(callsIn(shell), [
    ["status", "--json"],
    ["help", "no quorum"],
    ["lord", "--quiet"],
    ["init", "--me", "1.1.1.1"],
  ]);
});

Deno.test("a mistyped command, option, topic or word is told", () => {
  const lines = [
    "stats",
    "status --jsn",
    "drain --for",
    "help no-quorums",
    "completions tcsh",
    "status --json=yes",
  ];
  for (const line of lines) assert(refusal(line.split(" ")) !== undefined, line);
});

for (const document of documents) {
  Deno.test(`${document.path}: the program takes every command line in a block`, () => {
    assertEquals(faultsOf(blocksOf(document, "\\w*").flatMap(callsIn)), []);
  });

  Deno.test(`${document.path}: the program takes every command line in a sentence`, () => {
    const calls = spansOf(document).filter((span) => /^failover [a-z-]/.test(span));
    // `failover status [OPTIONS]` and the like are forms, `failover node …` is cut short.
    assertEquals(faultsOf(calls.filter((span) => !/[[…]/.test(span)).flatMap(callsIn)), []);
  });

  Deno.test(`${document.path}: every sh block is shell`, async () => {
    for (const block of blocksOf(document, "sh")) {
      const child = new Deno.Command("sh", {
        args: ["-n", "-c", block],
        stdout: "null",
        stderr: "piped",
      });
      const { stderr } = await child.output();
      assertEquals(new TextDecoder().decode(stderr), "", block);
    }
  });
}

Deno.test("blocks with command lines are found at all", () => {
  const calls = documents.flatMap((document) => blocksOf(document, "sh").flatMap(callsIn));
  assert(calls.length > 50, `${calls.length}`);
});
