import type { Configuration } from "../configuration.ts";
import { all, hear, hooks, mine, whole } from "./_lines.ts";

/** A `%` with a letter, and placeholders in all their spellings. */
export const percent: readonly Configuration[] = [
  { what: "a secret with %%", files: mine("legion = one OWN 7 aes-256-cbc:100%%a%%(b") },
  {
    what: "a % with a letter that means nothing",
    files: whole("legion-scroll = one 100%y of %q\n"),
  },
  { what: "the host's name", files: whole("legion-scroll = one %h\nenv = A=%h\n") },
  { what: "the names of the file", files: whole("legion-scroll = one %n %s %e\n") },
  { what: "the path of the file", files: whole("env = A=%p\nenv = B=%d\n") },
  {
    what: "the file's path in hooks",
    files: whole("legion-setup = one cmd:sh %dsay setup magic\n"),
  },
  {
    what: "the section",
    files: { "main.ini": `[web]\n${all}legion-scroll = one %x\n` },
    section: "web",
  },
  { what: "user and group", files: whole("legion-scroll = one %u %U %g %G\n") },
  { what: "a shell's own %", files: whole("env = A=%%s\nenv = B=%%%%\n") },
  {
    what: "magic in an included file",
    files: { ...whole("ini = DIR/more.ini\n"), "more.ini": "[uwsgi]\nlegion-scroll = one %n %s\n" },
  },
  {
    what: "a placeholder that is defined below",
    files: whole("legion-scroll = one %(place)\nplace = rack\n"),
  },
  {
    what: "placeholders by set-placeholder, set-ph and set",
    files: whole(
      "set-placeholder = a=1\nset-ph = b=2\nset = c=3\nlegion-scroll = one %(a) %(b) %(c)\n",
    ),
  },
  {
    what: "a placeholder of placeholders",
    files: whole("a = 1\nb = %(a)2\nlegion-scroll = one %(b)3\n"),
  },
  {
    what: "a placeholder in a secret",
    files: {
      "main.ini": `[uwsgi]\nkey = a%%b\nlegion = one OWN 7 aes-256-cbc:%(key)\n${hear}${hooks}`,
    },
  },
  { what: "a placeholder that is an option", files: whole("legion-scroll = one %(legion-freq)\n") },
  {
    what: "an address by placeholder",
    files: whole("port = 9\nlegion-node = one 127.0.0.1:%(port)\n"),
  },
  {
    what: "a program's output",
    files: whole("legion-scroll = one @(exec://echo hello)\n"),
    refused: /exec:/,
  },
];
