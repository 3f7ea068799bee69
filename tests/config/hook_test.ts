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

const wrong: [what: string, text: string, message: string][] = [
  ["an action without its colon", "log", "the action log: needs an argument"],
  [
    "an unknown action",
    "cmt:true",
    "there is no such action; did you mean cmd:? There are cmd:, exec:, log:, hetzner-failoverip:",
  ],
  [
    "an action without an argument",
    "cmd:",
    "the action cmd: needs an argument",
  ],
  [
    "uWSGI's signals",
    "signal:17",
    "uWSGI's action signal: is not to be had here; use cmd: to tell others",
  ],
  [
    "uWSGI's alarms",
    "alarm:mail",
    "uWSGI's action alarm: is not to be had here; use cmd: to tell others",
  ],
  [
    "an argument that is wrong",
    "hetzner-failoverip:user=u",
    "hetzner-failoverip: the key password (or pass) is missing",
  ],
];
for (const [what, text, message] of wrong) {
  Deno.test(`refused: ${what}`, () => {
    assertEquals(assertThrows(() => parseAction(text, text), Invalid).message, message);
  });
}
