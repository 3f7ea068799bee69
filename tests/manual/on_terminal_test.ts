import { assertEquals } from "@std/assert";
import { onTerminal } from "../../lib/manual/on_terminal.ts";

Deno.test("onTerminal: a link is shown by its text, and all else stays", () => {
  const markdown =
    "see ([`failover help guarantee`](guarantee.md)), [the\nREADME](../../readme.md#a-b).";
  assertEquals(onTerminal(markdown), "see (`failover help guarantee`), the\nREADME.");
  const others = ["`[v6]:port`", "SECRET [IV] (all)", "`none`[^1]", "[^1]: a note", "a [b] (c)"];
  for (const other of others) assertEquals(onTerminal(other), other);
});
