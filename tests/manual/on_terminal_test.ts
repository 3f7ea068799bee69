import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { onTerminal, sentenceOnTerminal } from "../../lib/manual/on_terminal.ts";
import { topics } from "../../lib/manual/topics.ts";

const styled = { columns: 80, styled: true };

/** Without the codes that begin and end bold type and colours. */
function unstyled(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\u001b\[\d+m/g, "");
}

Deno.test("sentenceOnTerminal: a link is shown by its text, and all else stays", () => {
  const markdown =
    "see ([`failover help guarantee`](guarantee.md)), [the\nREADME](../../readme.md#a-b).";
  assertEquals(sentenceOnTerminal(markdown), "see (`failover help guarantee`), the README.");
  const others = [
    "`[v6]:port`",
    "SECRET [IV] (all)",
    "`none`[^1]",
    "a [b] (c)",
    "USER <NAME> & 'q' \"q\"",
  ];
  for (const other of others) assertEquals(sentenceOnTerminal(other), other);
  assertEquals(sentenceOnTerminal("1 \\* 2, **all**"), "1 * 2, all");
});

Deno.test("onTerminal: headings, sentences, lists, code", () => {
  const markdown = `# All

One two three four five six seven eight nine ten eleven twelve.

- a point whose text is longer than one line of the terminal
  - another below it
- \`code\`

3. third
4. fourth

\`\`\`sh
failover status
failover doctor           # everything that can be known
\`\`\`
`;
  assertEquals(
    onTerminal(markdown, { columns: 40, styled: false }),
    `# All

One two three four five six seven eight
nine ten eleven twelve.

- a point whose text is longer than one
  line of the terminal

  - another below it
- \`code\`

3. third
4. fourth

  failover status
  # everything that can be known
  failover doctor
`,
  );
});

Deno.test("onTerminal: a table in columns, and one that is too wide as entries", () => {
  const table = `| what | default | says |
| - | - | - |
| \`freq\` = SECONDS | 3 | the time between two announcements |
| \`scroll\` | | a text |
`;
  assertEquals(
    onTerminal(table),
    `what              default  says
\`freq\` = SECONDS  3        the time between two announcements
\`scroll\`                   a text
`,
  );
  assertEquals(
    onTerminal(table, { columns: 40, styled: false }),
    `\`freq\` = SECONDS
    the time between two announcements
    default: 3
\`scroll\`
    a text
`,
  );
});

Deno.test("onTerminal: on a terminal code has a colour instead of marks", () => {
  const text = onTerminal("# A `b`\n\n`failover status` **now**, or `x`.", styled);
  assertEquals(
    text,
    "\u001b[1mA b\u001b[22m\n\n" +
      "\u001b[36mfailover\u001b[39m \u001b[36mstatus\u001b[39m \u001b[1mnow\u001b[22m, " +
      "or \u001b[36mx\u001b[39m.\n",
  );
});

for (const { name, load } of topics) {
  Deno.test(`onTerminal: the chapter ${name} fits into 80 columns, and loses no word`, async () => {
    const { default: markdown } = await load();
    for (const look of [{ columns: 80, styled: false }, styled]) {
      const text = unstyled(onTerminal(markdown, look));
      // A line of code stays as it is, and a word alone cannot be broken.
      const long = text.split("\n").filter((line) => [...line].length > 80);
      assertEquals(long.filter((line) => !line.startsWith("  ") && line.includes(" ")), []);
      const words = markdown.replaceAll(/\]\([^()\s]+\)/g, "").match(/[A-Za-z]{4,}/g) ?? [];
      const shown = new Set(text.match(/[A-Za-z]{4,}/g));
      // A column's name is only said where its cells are entries.
      const lost = words.filter((word) => !shown.has(word));
      assert(lost.length < 12, lost.join(" "));
    }
  });
}

Deno.test("onTerminal: text in angle brackets and hostile characters stay text", () => {
  assertStringIncludes(onTerminal("<script>alert(1)</script> and <b>"), "<script>");
});
