import { assertEquals, assertThrows } from "@std/assert";
import { isCommand, parseAction } from "../../lib/config/hook.ts";
import { Invalid } from "../../lib/config/_invalid.ts";

Deno.test("cmd: and exec: are the same; what was written is kept without references replaced", () => {
  for (const name of ["cmd", "exec"]) {
    assertEquals(parseAction(`${name}:echo a:b`, `${name}:echo $(X)`), {
      kind: "cmd",
      command: "echo a:b",
      written: "echo $(X)",
    });
  }
});

Deno.test("an argument is for the shell after cmd: and exec: alone", () => {
  const arguments_ = ["cmd:x", "exec:x", "log:x", "cmd", "xcmd:x"];
  assertEquals(arguments_.map(isCommand), [true, true, false, false, false]);
});

Deno.test("an action without its colon has no argument", () => {
  assertThrows(() => parseAction("log", "log"), Invalid, "the action log: needs an argument");
});
