import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { kinds } from "../../lib/hooks/registry.ts";
import { isCommand, parseAction } from "../../lib/config/hook.ts";
import { Invalid } from "../../lib/base/invalid.ts";

const means = {
  kinds,
  secretIn: (): string => {
    throw new Invalid("there is no such file");
  },
};

Deno.test("cmd: and exec: are the same; what was written is kept without references replaced", () => {
  for (const name of ["cmd", "exec"]) {
    assertEquals(parseAction(`${name}:echo a:b`, `${name}:echo $(X)`, means), {
      kind: "cmd",
      settings: { command: "echo a:b", written: "echo $(X)" },
    });
  }
});

Deno.test("an argument is for the shell after cmd: and exec: alone", () => {
  const arguments_ = ["cmd:x", "exec:x", "log:x", "cmd", "execx", "xcmd:x"];
  assertEquals(arguments_.map((argument) => isCommand(argument, kinds)), [
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

const wrong: [what: string, text: string, message: string][] = [
  ["an action without its colon", "log", "the action log: needs an argument"],
  [
    "an unknown action",
    "cmt:true",
    "there is no such action; did you mean cmd:? There are cmd:, exec:, log:, hetzner-failoverip:, hcloud-floating-ip:, hcloud-alias-ip:, http:, address:",
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
    "hetzner-failoverip: the key password (or pass), or password_file, is missing",
  ],
];
for (const [what, text, message] of wrong) {
  Deno.test(`refused: ${what}`, () => {
    assertEquals(assertThrows(() => parseAction(text, text, means), Invalid).message, message);
  });
}

Deno.test("nothing but the name of a kind becomes an action, and nothing else a command", () => {
  const withoutCommands = kinds.filter(({ kind }) => kind !== "cmd");
  for (const text of ["cmd:true", "exec:true", "CMD:true", " cmd:true", "https:true", ":true"]) {
    assertThrows(
      () => parseAction(text, text, { ...means, kinds: withoutCommands }),
      Invalid,
      "no such action",
    );
    assertEquals(isCommand(text, withoutCommands), false);
  }
  const anyName = fc.string().filter((name) => !/^(cmd|exec|log|hetzner-failoverip)$/.test(name));
  fc.assert(fc.property(anyName.map((name) => `${name.replaceAll(":", "")} :true`), (text) => {
    assertThrows(() => parseAction(text, text, means), Invalid);
    assertEquals(isCommand(text, kinds), false);
  }));
});
