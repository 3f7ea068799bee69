// Random configurations, read by real uWSGI and by this program: the lines that both come to are the
// same, or the file is refused here. The tests of this folder run one after the other: they change
// the working directory, which is that of the whole process.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ConfigError } from "../../../lib/config/config_error.ts";
import { linesOf } from "../../../lib/config/_inherited.ts";
import { systemSources } from "../../../lib/config/load.ts";
import { hasUwsgi } from "../../lab/uwsgi.ts";

const others: Readonly<Record<string, string>> = {
  "c.ini": "[uwsgi]\nin-c = 1\n",
  "b.ini": "[uwsgi]\nin-b = %x %s %S\n[sec]\nin-sec = %x\nini = :other\n[other]\nin-other = %x%d\n",
  "list": "one\n\n two \n",
  "one.txt": "the text of a file\n",
};

const name = fc.constantFrom("a", "b", "c", "d");
const word = fc.constantFrom(
  ...["x", "%%", "%h", "%n", "%z", "%(a)", "%(b)", "%(c)", "$(HOME)", "@(one.txt)", "%(_)", " "],
  ...["%(a + 1)", "17", "%d", "%e", "%x", "%c", "%", "$(NOPE)", "=", "\\", "%S", "%0"],
);
const value = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(""));
const assignment = fc.tuple(name, value).map((parts) => parts.join(" = "));
const inBlock = fc.array(
  fc.oneof(assignment, fc.constantFrom("include = c.ini", "set-ph = q%(_)=%(_)")),
  {
    maxLength: 3,
  },
);
const block = (openings: readonly string[], ends: readonly string[]) =>
  fc.tuple(fc.constantFrom(...openings), inBlock, fc.constantFrom(...ends)).map((lines) =>
    lines.flat()
  );
const statement = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(assignment) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(
      ...["ini = c.ini", "ini = b.ini", "include = b.ini", "ini = b.ini:sec", "ini = :mine"],
      ...["inherit = c.ini", "; c%", "endif", "[", "; 5%%", "= x"],
    )),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom("set", "set-ph", "set-placeholder"), name, value)
      .map(([how, name, value]) => [`${how} = ${name}=${value}`]),
  },
  {
    weight: 2,
    arbitrary: block([
      ...["if-env = HOME", "if-env = NOPE", "if-not-env = NOPE", "if-not-env = HOME=x"],
      ...["if-hostname = x", "if-not-hostname = x", "if-hostname-match = .", "if-exists = c.ini"],
      ...[
        "if-not-exists = no",
        "if-file = c.ini",
        "if-dir = .",
        "if-not-dir = c.ini",
        "if-opt = a",
      ],
      ...["if-opt = a=x", "if-not-opt = b", "if-opt = b=%n", "if-not-file = .", "if-directory = ."],
      ...["ifexists = list", "ifdir = .", "ifenv = HOME"],
    ], ["endif", "end-if", "end"]),
  },
  {
    weight: 2,
    arbitrary: block(
      ["for = 1 2", "for-times = 2", "for-glob = *.ini", "for-readline = list", "for-glob = no*"],
      ["endfor", "end-for"],
    ),
  },
);

/** The lines by which a file is read, which are not lines that it comes to. */
const reading = /^(ini|include|inherit|set|set-ph|set-placeholder|if.*|for.*|end.*|show-config) = /;

/** The lines that uWSGI comes to; undefined: it refuses the file. */
function byUwsgi(folder: string): string[] | undefined {
  const { stdout, stderr } = new Deno.Command("timeout", {
    args: ["-s", "KILL", "10", "uwsgi", "--ini", "f.ini", "--show-config"],
    cwd: folder,
    stdin: "null",
  }).outputSync();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  const shown = /;uWSGI instance configuration\n\[uwsgi\]\n([^]*?);end of configuration/.exec(said);
  return shown?.[1].trimEnd().split("\n").filter((line) => !reading.test(line));
}

/** The same by this program; a line that is refused, if it is ours or used, ends with ` = ?`. */
function byOurs(): string[] | undefined {
  try {
    const { lines } = linesOf({ file: "f.ini" }, { sources: systemSources });
    return lines.map(({ key, value, unresolved, unknown }) =>
      unresolved.length > 0 || unknown !== undefined ? `${key} = ?` : `${key} = ${value}`
    );
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

Deno.test({
  name: "what uWSGI reads in a file is read in it here, or the file is refused",
  ignore: !hasUwsgi,
  fn() {
    const folder = Deno.makeTempDirSync();
    const before = Deno.cwd();
    try {
      for (const [name, text] of Object.entries(others)) {
        Deno.writeTextFileSync(`${folder}/${name}`, text);
      }
      // Files are looked for in the working directory.
      Deno.chdir(folder);
      let count = 0;
      const file = fc.array(statement, { minLength: 1, maxLength: 8 })
        .map((lines) => ["[uwsgi]", ...lines.flat(), "[mine]", "m = %x%s", ""].join("\n"));
      fc.assert(
        fc.property(file, (text) => {
          Deno.writeTextFileSync("f.ini", text);
          const ours = byOurs();
          // Behind a reference whose value is empty, uWSGI passes over the next one.
          if (ours === undefined || ours.some((line) => line.endsWith(" = "))) return;
          const theirs = byUwsgi(folder);
          if (theirs === undefined) return;
          const known = ours.map((line, index) =>
            line.endsWith(" = ?") && theirs[index]?.startsWith(line.slice(0, -1))
              ? theirs[index]
              : line
          );
          assertEquals(known.map((line) => line.trimEnd()), theirs.map((line) => line.trimEnd()));
          count++;
        }),
        { numRuns: 40, seed: 20_261_129 },
      );
      assert(count >= 10, `only ${count} files were read by both`);
    } finally {
      Deno.chdir(before);
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
