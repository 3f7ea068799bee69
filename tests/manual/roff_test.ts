import { assertEquals, assertStringIncludes } from "@std/assert";
import { roff } from "../../lib/manual/roff.ts";

function page(markdown: string): string {
  const sections = [{ title: "all", markdown }];
  return roff({ name: "failover", section: 1, version: "1.2.3", sections });
}

Deno.test("roff: a page, its sections and their blocks", () => {
  const markdown = `# The first rank is the section

\`legion-freq = 1\`, **all** and [a link](x.md).

## A part

- one
- two

| a | b |
| - | - |
| \`x\` | y |

\`\`\`sh
ls -l
\`\`\`
`;
  assertEquals(
    page(markdown),
    `.TH "FAILOVER" 1 "" "failover 1.2.3"
.nh
.ad l
.SH "ALL"
.PP
\\fBlegion\\-freq = 1\\fR, \\fBall\\fR and a link.
.SS "A part"
.IP \\(bu 2
one
.IP \\(bu 2
two
.PP
.TP
\\fBx\\fR
y
.PP
.RS 2
.nf
ls \\-l
.fi
.RE
`,
  );
});

Deno.test("roff: characters that roff has uses for stay characters", () => {
  const text = page("```\n.TH not a request\n'nor this\na\\fBb\n```\n");
  assertStringIncludes(text, "\n\\&.TH not a request\n\\(aqnor this\na\\efBb\n");
});

Deno.test("roff: a command's help has its sentences filled, its options named, its examples whole", () => {
  const text = `x [OPTIONS]

Does what
it says.

  --name VALUE       the name,
                     in two lines
  --yes              do not ask

Examples:
  x --name a
`;
  const sections = [{ title: "usage", parts: [{ title: "x", text }] }];
  const [, lines] = roff({ name: "x", section: 1, version: "1", sections }).split('.SS "x"\n');
  assertEquals(
    lines,
    `.PP
x [OPTIONS]
.PP
Does what
it says.
.TP
\\fB\\-\\-name VALUE\\fR
the name,
in two lines
.TP
\\fB\\-\\-yes\\fR
do not ask
.PP
Examples:
.PP
.in 2n
.nf
x \\-\\-name a
.fi
`,
  );
});

Deno.test("roff: a comment that makes a command too long stands above it", () => {
  const command = `failover status${" ".repeat(30)}`;
  assertStringIncludes(
    page(`\`\`\`sh\n${command}# who is lord now, and for how long\n\`\`\`\n`),
    "\n# who is lord now, and for how long\nfailover status\n",
  );
});
