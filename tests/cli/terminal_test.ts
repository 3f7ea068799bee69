import { assertEquals } from "@std/assert";
import { onScreen } from "../../lib/cli/terminal.ts";

const more = (count: number) => `\u001b[0m(${count} more lines: failover status)\n`;

Deno.test("onScreen: a text that has room is shown as it is", () => {
  assertEquals(onScreen("a\nb\nc\n", { columns: 80, rows: 4 }), "a\nb\nc\n");
});

Deno.test("onScreen: of a longer one the first lines, and how many are left out", () => {
  assertEquals(onScreen("a\nb\nc\n", { columns: 80, rows: 3 }), `a\n${more(2)}`);
});

Deno.test("onScreen: a line that the terminal breaks takes several rows, its colours none", () => {
  const text = "\u001b[31m12345\u001b[39m\n1234\n\nend\n";
  assertEquals(onScreen(text, { columns: 4, rows: 6 }), text);
  assertEquals(
    onScreen(text, { columns: 4, rows: 5 }),
    `\u001b[31m12345\u001b[39m\n1234\n${more(2)}`,
  );
});
