// The completion scripts, in the shells they are for: what does a tab offer?
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { commands } from "../../lib/cli/commands.ts";
import { helpOptions } from "../../lib/cli/help_text.ts";
import { run } from "../lab/run.ts";

/** Tells what a shell completes a line to, sorted. */
type Complete = (script: string, line: string) => Promise<string[]>;

async function output(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("timeout", {
    args: ["20", command, ...args],
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals([code, text(stderr)], [0, ""], text(stdout));
  return text(stdout);
}

function sorted(text: string): string[] {
  return [...new Set(text.split("\n").filter((line) => line !== ""))].sort();
}

// Readline splits the line into words, also at each "=", before it calls the function.
const bash: Complete = async (script, line) => {
  const program = `source "$1"
shift
complete -p failover | grep -q -e '-F _failover' || exit 1
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_failover
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const words = line.split(" ").flatMap((word) => word.split(/(=)/));
  if (words.at(-1) === "" && words.at(-2) === "=") words.pop();
  return sorted(await output("bash", ["--norc", "-c", program, "bash", script, ...words]));
};

const fish: Complete = async (script, line) => {
  const program = 'source $argv[1]; complete -C "$argv[2]"';
  const offered = await output("fish", ["--no-config", "-c", program, script, line]);
  return sorted(offered.replaceAll(/\t.*/g, ""));
};

// A shell of its own behind a terminal, whose `compadd` prints the words before it takes them.
const zsh: Complete = async (script, line) => {
  const setUp = `
fpath=("$folder" $fpath)
autoload -Uz compinit
compinit -u -C -d "$folder/zcompdump"
compadd() {
  if [[ \${@[1,(i)(-|--)]} != *-(O|A|D)\\ * ]]; then
    local -a __words
    builtin compadd -A __words "$@"
    print -l -- $__words
  fi
  builtin compadd "$@"
}
complete-and-tell() {
  print
  print OFFERED
  zle complete-word
  print NO MORE
}
zle -N complete-and-tell
bindkey '^X' complete-and-tell
print SHELL IS READY
`;
  const program = `zmodload zsh/zpty
zpty shell "folder=\${(q)1} zsh -f -i"
zpty -w shell "source \${(q)1}/setup.zsh"
zpty -r shell seen '*SHELL IS READY*'
zpty -w -n shell "$2"$'\\x18'
zpty -r shell seen '*NO MORE*'
zpty -d shell
print -r -- "$seen"`;
  const folder = script.replace(/\/[^/]*$/, "");
  await Deno.writeTextFile(`${folder}/setup.zsh`, setUp);
  await Deno.copyFile(script, `${folder}/_failover`);
  const seen = await output("zsh", ["-f", "-c", program, "zsh", folder, line]);
  const [, offered = ""] = /OFFERED\r?\n([^]*)NO MORE/.exec(seen) ?? [];
  return sorted(offered.replaceAll("\r", ""));
};

const shells: Record<string, Complete> = { bash, zsh, fish };

function isMissing(shell: string): boolean {
  try {
    return !new Deno.Command(shell, { args: ["--version"] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

for (const [shell, complete] of Object.entries(shells)) {
  const name = `${shell} completes commands, options, choices and files`;
  Deno.test({ name, ignore: isMissing(shell) }, async (t) => {
    const folder = await Deno.makeTempDir();
    const script = `${folder}/script`;
    try {
      const { code, out, err } = await run(["completions", shell]);
      assertEquals([code, err], [0, ""]);
      await Deno.writeTextFile(script, out);

      await t.step("behind failover: the commands", async () => {
        const offered = await complete(script, "failover ");
        for (const { name } of commands) assert(offered.includes(name), `${name}: ${offered}`);
        assertEquals(await complete(script, "failover tak"), ["takeover"]);
      });

      await t.step("behind each command: its options", async () => {
        for (const { name, load } of commands) {
          const options = helpOptions((await load()).command.help).map(({ name }) => `--${name}`);
          const offered = await complete(script, `failover ${name} --`);
          assertEquals(offered.filter((word) => word !== "--help"), options.sort(), name);
        }
      });

      await t.step("where an option takes one of a few: these", async () => {
        for (const line of ["failover node --log-level ", "failover node --name x --log-level="]) {
          const offered = (await complete(script, line)).map((word) => word.replace(/^.*=/, ""));
          assertEquals(offered, ["debug", "error", "info", "warn"], line);
        }
        const names = await complete(script, "failover completions ");
        assertEquals(names.filter((word) => word !== "--help"), ["bash", "fish", "zsh"]);
        assertEquals(await complete(script, "failover help tak"), ["takeover", "takeover-fails"]);
        assertEquals(await complete(script, "failover help guar"), ["guarantee"]);
      });

      await t.step(
        "where an option takes a file: files, with spaces in their names too",
        async () => {
          await Deno.writeTextFile(`${folder}/one.ini`, "");
          await Deno.writeTextFile(`${folder}/one more.ini`, "");
          const offered = await complete(script, `failover node --config ${folder}/one`);
          const names = offered.map((word) => word.replaceAll("\\", "").replace(/^.*\//, ""));
          assertEquals(names, ["one more.ini", "one.ini"]);
        },
      );

      await t.step("where an option takes something else: nothing", async () => {
        assertEquals(await complete(script, "failover takeover --ip "), []);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

const sourced = "zsh takes the script also when it is sourced";
Deno.test({ name: sourced, ignore: isMissing("zsh") }, async () => {
  const { out } = await run(["completions", "zsh"]);
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, out);
    const program = "autoload -Uz compinit; compinit -u -D; source $1; print $_comps[failover]";
    assertEquals(await output("zsh", ["-f", "-c", program, "zsh", file]), "_failover\n");
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("completions for another shell, or for none: what there is", async () => {
  for (const args of [["completions"], ["completions", "tcsh"], ["completions", "bsh"]]) {
    const { code, out, err } = await run(args);
    assertEquals([code, out], [2, ""]);
    assertStringIncludes(err, "bash");
    assertStringIncludes(err, "See: failover help completions\n");
  }
});
