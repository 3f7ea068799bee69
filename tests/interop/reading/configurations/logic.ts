import type { Configuration } from "../configuration.ts";
import { whole } from "./_lines.ts";

/** Lines that count under a condition, or several times. */
export const logic: readonly Configuration[] = [
  ...[["SITE", "a"], ["SITE", "b"], ["NONE", ""]].map(([name, value]): Configuration => ({
    what: `if-env with a value, where ${name} is "${value}"`,
    files: whole(
      "if-env = SITE=a\nlegion-scroll = one at a\nendif =\nif-not-env = SITE=a\n" +
        "legion-scroll = one elsewhere\nend-if =\n",
    ),
    env: { [name]: value },
  })),
  {
    what: "if-env without a value",
    files: whole("if-env = SITE\nlegion-scroll = one %(_)\nendif =\n"),
    env: { SITE: "a" },
  },
  {
    what: "if-not-env of what is not set",
    files: whole("if-not-env = NO_SUCH_SITE\nenv = A=1\nendif =\n"),
  },
  {
    what: "if-file, if-dir and if-exists",
    files: {
      ...whole(
        ["file", "dir", "exists", "not-file", "not-dir", "not-exists"].map((name) =>
          `if-${name} = DIR/there\nlegion-setup = one cmd:sh DIR/say setup ${name}\nendif =\n`
        ).join(""),
      ),
      there: "",
    },
  },
  {
    what: "if-dir of a directory",
    files: whole("if-dir = DIR\nenv = A=dir\nendif =\nif-file = DIR\nenv = A=file\nendif =\n"),
  },
  {
    what: "if-hostname of another host",
    files: whole(
      "if-hostname = no-such-host\nenv = A=1\nendif =\nif-not-hostname = no-such-host\n" +
        "env = B=2\nendif =\n",
    ),
  },
  {
    what: "if-hostname of this host",
    files: whole(`if-hostname = ${Deno.hostname()}\nenv = A=1\nendif =\n`),
  },
  {
    what: "if-hostname-match",
    files: whole(
      "if-hostname-match = ^no-such\nenv = A=1\nendif =\nif-hostname-match = .\nenv = B=2\nendif =\n",
    ),
  },
  {
    what: "if-opt and if-not-opt",
    files: whole(
      "if-opt = legion-freq\nenv = A=1\nendif =\nif-opt = legion-freq=1\nenv = B=1\nendif =\n" +
        "if-not-opt = threads\nlegion-scroll = one none\nendif =\n",
    ),
  },
  {
    what: "for with its values in each line",
    files: whole("for = 9 11 13\nlegion-node = one 127.0.0.1:%(_)\nendfor =\n"),
  },
  {
    what: "for-times",
    files: whole("for-times = 3\nlegion-node = one 127.0.0.1:100%(_)\nendfor =\n"),
  },
  {
    what: "for-glob",
    files: {
      ...whole("for-glob = DIR/nodes/*.ini\nini = %(_)\nendfor =\n"),
      "nodes/a.ini": "[uwsgi]\nlegion-node = one 127.0.0.1:9\n",
      "nodes/b.ini": "[uwsgi]\nlegion-node = one 127.0.0.1:11\n",
    },
  },
  {
    what: "for-readline",
    files: {
      ...whole("for-readline = DIR/ports\nlegion-node = one 127.0.0.1:%(_)\nendfor =\n"),
      ports: "9\n11\n",
    },
  },
];
