// Files that include others, blocks, `%` and placeholders, each as tried on uWSGI 2.0.21.
import { assertEquals } from "@std/assert";
import { ConfigError } from "../../lib/config/config_error.ts";
import { linesOf } from "../../lib/config/_inherited.ts";
import { otherFormat } from "../../lib/config/_other_format.ts";
import { machine } from "./read.ts";

const env: Record<string, string> = { HOME: "/root" };

/** All lines that a configuration comes to, `KEY = VALUE`, or what is wrong with it. */
function told(files: Record<string, string>): string[] {
  const readFile = (path: string) => {
    if (files[path] === undefined) throw new Error("there is no such file");
    return files[path];
  };
  const kindAt = (path: string) =>
    path in files ? "file" as const : path === "/etc" ? "folder" as const : "nothing" as const;
  const sources = {
    env: (name: string) => env[name],
    readFile,
    isPublic: () => false,
    localHosts: () => [],
    machine: { ...machine, kindAt, namesIn: () => Object.keys(files) },
  };
  try {
    const { lines } = linesOf({ file: "f.ini" }, { sources });
    return lines.map(({ key, value, unresolved, unknown }) =>
      unresolved.length > 0
        ? `${key}: ${unresolved}`
        : unknown === undefined
        ? `${key} = ${value}`
        : `${key}: ${unknown}`
    );
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
}

const main = (text: string, more: Record<string, string> = {}) =>
  told({ "f.ini": `[uwsgi]\n${text}`, ...more });

const cases: [what: string, lines: string[], expected: string[]][] = [
  ["ini, include: read where they stand; a section of another file", [
    "include = c.ini",
    "a = 1",
    "ini = b.ini:sec",
    "ini = b.ini",
  ], ["in-c = 1", "a = 1", "in-sec = sec", "in-b = "]],
  ["a section alone is one of the file read last", ["ini = :two", "a = 1", "[two]", "b = %x%s"], [
    "b = twof.ini",
    "a = 1",
  ]],
  [
    "which is another file once that was read",
    ["include = b.ini", "ini = :two", "[two]", "b = 1"],
    [
      "f.ini:3: ini: no options in section [two]; sections with options: [uwsgi], [sec]",
    ],
  ],
  ["a section named for the host", ["ini = :server-%h", "[server-vm]", "a = 1"], ["a = 1"]],
  ["inherit: read at the end, by a path with references", [
    "dir = c",
    "inherit = %(dir).ini",
    "a = 1",
  ], ["dir = c", "a = 1", "in-c = 1"]],
  ["inherit: no reference is replaced in it, none refers to it", [
    "inherit = refs.ini",
    "a = 1",
    "b = %(r)",
  ], [
    "a = 1",
    "b: %(r): no option or placeholder has this name",
    "r = 1",
    "s: %(…): in an inherited file uWSGI replaces no reference: right would be include",
  ]],
  ["include: no reference is replaced in the path", ["x = c", "include = %(x).ini"], [
    "f.ini:3: include: there is no such file; no reference is replaced in it, as with uWSGI",
  ]],
  ["a mistake in a file that is included is told with the way to it", ["include = way.ini"], [
    "missing.ini".replace(/.*/, "way.ini:2: include: there is no such file, included from f.ini:2"),
  ]],
  ["a file that includes itself", ["include = loop.ini"], [
    "loop.ini:2: include: the file includes itself, included from f.ini:2",
  ]],
  ["a section that includes itself", ["ini = :uwsgi"], ["f.ini:2: ini: the file includes itself"]],
  ["other schemes", ["ini = exec://cat x"], [
    "f.ini:2: ini: exec://… is not read here: give a file",
  ]],
  ["a file in another format", ["include = x.yaml"], [
    `f.ini:2: include: ${otherFormat("uwsgi:\n  x: 1\n", "x.yaml")}`,
  ]],

  ["if-env", ["if-env = HOME", "a = %(_)", "endif", "if-env = NO", "b = 1", "endif", "c = 1"], [
    "a = /root",
    "c = 1",
  ]],
  [
    "if-env with a value",
    [
      "if-env = HOME=/root",
      "a = 1",
      "endif",
      "if-env = HOME=/",
      "b = 1",
      "endif",
      "if-not-env = HOME=/",
      "c = %(_)",
      "endif",
      "ifenv = HOME",
      "d = 1",
    ].concat("end-if"),
    ["a = 1", "c = /root", "d = 1"],
  ],
  ["if-hostname, and its opposite", [
    "if-hostname = vm",
    "a = %(_)",
    "endif",
    "if-not-hostname = vm",
    "b = 1",
    "endif",
    "if-hostname-match = ^v.$",
    "c = 1",
    "endif",
    "if-not-hostname-match = V",
    "d = 1",
    "end",
  ], ["a = vm", "c = 1", "d = 1"]],
  ["if-exists, if-file, if-dir", [
    "if-exists = /etc",
    "a = %(_)",
    "endif",
    "if-file = /etc",
    "b = 1",
    "endif",
    "if-dir = /etc",
    "c = 1",
    "endif",
    "if-not-file = c.ini",
    "d = 1",
    "endif",
    "if-not-dir = c.ini",
    "e = 1",
    "endif",
  ], ["a = /etc", "c = 1", "e = 1"]],
  ["if-opt: the first line above counts", [
    "t = 1",
    "t = 2",
    "if-opt = t",
    "a = %(_)",
    "endif",
    "if-opt = t=2",
    "b = 1",
    "endif",
    "if-opt = later",
    "c = 1",
    "endif",
    "if-not-opt = later",
    "d = %(_)",
    "endif",
    "later = 1",
  ], ["t = 1", "t = 2", "a = 1", "d: %(…): no option or placeholder has this name", "later = 1"]],
  ["a block that is not evaluated marks its lines", [
    "if-plugin = http",
    "a = 1",
    "set-ph = x=1",
    "endif",
    "b = %(x)",
  ], [
    "a: if-plugin in f.ini:2: which plugins uWSGI has is not known here",
    "x: if-plugin in f.ini:2: which plugins uWSGI has is not known here",
    "b: %(x): if-plugin in f.ini:2: which plugins uWSGI has is not known here",
  ]],
  ["a condition that nobody knows", ["if-uid = 0", "a = 1", "endif"], [
    "a: if-uid in f.ini:2: this is not evaluated here",
  ]],
  ["a pattern that may take for ever", ["if-hostname-match = (v+)+$", "a = 1", "endif"], [
    "a: if-hostname-match in f.ini:2: this pattern is not evaluated here",
  ]],
  ["a block in a block", ["if-env = HOME", "if-env = NO", "a = 1", "endif", "endif"], [
    "f.ini:3: if-env: uWSGI reads no block in a block",
  ]],
  ["a block in a file that is included in one", ["if-env = HOME", "include = block.ini", "endif"], [
    "block.ini:2: if-env: uWSGI reads no block in a block, included from f.ini:3",
  ]],
  ["a block without an end", ["if-env = NO", "a = 1"], [
    "f.ini:2: if-env: its block has no end in this section: endif is missing",
  ]],
  ["an end without a block says nothing", ["endif", "a = 1", "endfor = x"], ["a = 1"]],
  ["for: line by line", ["for = a  b", "x = <%(_)%(_)>", "y = %(_)", "endfor"], [
    "x = <aa>",
    "x = <bb>",
    "y = a",
    "y = b",
  ]],
  ["for-times", ["for-times = 2x", "set-ph = n%(_)=%(_)", "endfor", "a = %(n2)"], [
    "n1 = 1",
    "n2 = 2",
    "a = 2",
  ]],
  ["for-times: not at all", ["for-times = x", "a = 1", "endfor"], []],
  ["for-times: too often", ["for-times = 10001", "a = 1", "endfor"], [
    "a: for-times in f.ini:2: its lines would be repeated more than 10000 times",
  ]],
  ["for-glob: sorted", ["for-glob = [c-l]*.ini", "a = %(_)", "endfor"], [
    "a = c.ini",
    "a = f.ini",
    "a = loop.ini",
  ]],
  ["for-glob: the pattern where nothing matches", ["for-glob = y*", "a = %(_)", "endfor"], [
    "a = y*",
  ]],
  ["for-readline", ["for-readline = list", "a = <%(_)>", "endfor"], [
    "a = <one>",
    "a = <>",
    "a = < two >",
  ]],
  ["for-readline: a file that is not there", ["for-readline = none", "a = 1", "endfor"], [
    "a: for-readline in f.ini:2: there is no such file",
  ]],
  ["a file is included as often as a loop says", ["for = 1 2", "include = c.ini", "endfor"], [
    "in-c = 1",
    "in-c = 1",
  ]],

  ["% and a letter", ["a = %%|%h|%n|%p|%s|%d|%e|%c|%o|%x|%k|%u|%U|%g|%t|%0|%v"], [
    "a = %|vm|f|/srv/f.ini|f.ini|/srv/|ini|srv|f.ini||4|1000|joe|100|1795911695|srv|/srv",
  ]],
  ["% and a capital: of the first file", ["include = names.ini"], ["a = f.ini names.ini"]],
  ["% and another letter vanish", ["a = 50%off %z", "b% = 1"], ["a = 50f.iniff", "b = 1"]],
  ["% before an end of line with CR takes that alone", ["a = 1%\r", "b = 2"], ["a = 1", "b = 2"]],
  ["% at the end of a line", ["a = 1%", "b = 2"], [
    'f.ini:2: uWSGI takes the next line to this one, for the "%" at its end: a "%" itself is written "%%"',
  ]],
  ["% at the end of a comment, before a line", ["; 50%", "b = 2"], [
    'f.ini:2: uWSGI takes the next line to this one, for the "%" at its end: a "%" itself is written "%%"',
  ]],
  ["% at the end of a comment, before nothing", ["; 50%", "; c%", "", "b = 2", "c = 3%"], [
    "b = 2",
    "c = 3%",
  ]],
  ["% and a letter that only uWSGI knows", ["a = %V", "b = %(a)"], [
    "a: %V: uWSGI's version is not known here",
    "b: %(a): %V: uWSGI's version is not known here",
  ]],

  ["placeholders may be defined below; the first counts", ["a = %(b)", "b = 1", "b = 2"], [
    "a = 1",
    "b = 1",
    "b = 2",
  ]],
  ["one that is below and refers to others", ["a = %(b)", "b = %(c)", "c = 1"], [
    "a: %(b): its line is below and refers to others: move that line up",
    "b = 1",
    "c = 1",
  ]],
  ["one that is above may", ["b = %(c)", "a = %(b)", "c = 1"], ["b = 1", "a = 1", "c = 1"]],
  ["of itself", ["a = %(a)"], ["a: %(a): its value would be a part of itself"]],
  ["set, set-ph, set-placeholder", ["set = a=1", "set-ph = b==", "set = c=%(b)"], [
    "a = 1",
    "b = =",
    "c = =",
  ]],
  ["set-placeholder: no reference is replaced in it", ["b = 1", "set-ph = a=%(b)", "c = %(a)"], [
    "b = 1",
    "a: %(…): uWSGI replaces no reference in set-placeholder: right would be set",
    "c: %(…): uWSGI replaces no reference in set-placeholder: right would be set",
  ]],
  ["set with blanks before the =", ["set = a = 1"], [
    'f.ini:2: set: right would be set = NAME=VALUE, without blanks before the "="',
  ]],
  ["an option as a placeholder", ["set-ph = legion-freq=1"], [
    "f.ini:2: set-ph: an option cannot be a placeholder: right would be set = NAME=VALUE",
  ]],
  ["sums", ["p = 17", "a = %(p + 3 * 2)", "b = %(9 - 10)", "c = %(p / 5)", "d = %(p / 0)"], [
    "p = 17",
    "a = 40",
    "b = -1",
    "c = 3",
    "d: %(…): this is not computed here: right would be whole numbers with + - * / between them",
  ]],
  ["resolve: told where it is used", ["resolve = a=localhost", "b = 1"], [
    "a: resolve: no name is looked up here, write the address",
    "b = 1",
  ]],
  ["@(…) by another way than a file", ["a = @(exec://cat x)", "b = @(http://x/y)"], [
    "a: @(exec://cat x): exec:// is not read here: write it into a file",
    "b: @(http://x/y): http:// is not read here: write it into a file",
  ]],
];
const others = {
  "b.ini": "[uwsgi]\nin-b = %x\n[sec]\nin-sec = %x\n",
  "c.ini": "[uwsgi]\nin-c = 1\n",
  "way.ini": "[uwsgi]\ninclude = missing.ini\n",
  "loop.ini": "[uwsgi]\ninclude = loop.ini\n",
  "refs.ini": "[uwsgi]\nr = 1\ns = %(a)\n",
  "block.ini": "[uwsgi]\nif-env = HOME\na = 1\nendif\n",
  "names.ini": "[uwsgi]\na = %S %s\n",
  "x.yaml": "uwsgi:\n  x: 1\n",
  "list": "one\n\n two \n",
};
for (const [what, lines, expected] of cases) {
  Deno.test(what, () => assertEquals(main(lines.join("\n"), others), expected));
}

Deno.test("files, their depth, lines and sizes are bounded", () => {
  const deep = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`d${i}.ini`, `[uwsgi]\ninclude = d${i + 1}.ini\n`]),
  );
  assertEquals(
    main("include = d0.ini", deep)[0].startsWith(
      "d14.ini:2: include: files include each other 16 deep, included from d13.ini:2",
    ),
    true,
  );
  assertEquals(main("for-times = 101\ninclude = c.ini\nendfor", others), [
    "f.ini:3: include: more than 100 files are included",
  ]);
  assertEquals(main(`for-times = 10000\n${"a=%(_)\n".repeat(11)}endfor`), [
    "f.ini:13: a: there are more than 100000 lines",
  ]);
  assertEquals(main(`for-times = 10000\na=${"%(_)".repeat(10_000)}\nendfor`), [
    "f.ini: all files together are larger than 8 MiB",
  ]);
  assertEquals(main(`a = ${"%p".repeat(200_000)}`), [
    "f.ini: the letters behind a % bring in more than 1 MiB",
  ]);
});
