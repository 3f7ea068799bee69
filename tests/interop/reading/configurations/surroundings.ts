import type { Configuration } from "../configuration.ts";
import { hear, hooks, own, whole } from "./_lines.ts";

/** Options that make the surroundings of hooks, and those that are uWSGI's alone. */
export const surroundings: readonly Configuration[] = [
  {
    what: "env, the last of two counting",
    files: whole("env = A=1\nenv = B=two words = x\nenv = A=3\n"),
  },
  { what: "env without a value", files: whole("env = A=1\nenv = A\nenv = B=\n") },
  { what: "unenv", files: whole("env = A=1\nunenv = A\nunenv = HOME\n") },
  { what: "chdir", files: whole("chdir = /\nchdir = /usr\n") },
  { what: "umask in three digits", files: whole("umask = 027\n") },
  { what: "umask in four digits", files: whole("umask = 0077\n") },
  { what: "uid alone", files: whole("uid = nobody\n"), root: true },
  { what: "gid alone", files: whole("gid = nogroup\n"), root: true },
  { what: "uid and gid by name", files: whole("uid = nobody\ngid = nogroup\n"), root: true },
  { what: "uid and gid by number", files: whole("uid = 54321\ngid = 54322\n"), root: true },
  {
    what: "hooks in their order",
    files: {
      "main.ini":
        `[uwsgi]\n${own}${hear}legion-lord = one cmd:sh DIR/say lord first\n${hooks}legion-setup = one cmd:sh DIR/say setup again\n`,
    },
  },
  { what: "a hook by exec:", files: whole("legion-setup = one exec:sh DIR/say setup exec\n") },
  {
    what: "options of uWSGI's alone",
    files: whole("procname-prefix = web\nthreads = 2\nvacuum = true\n"),
  },
  { what: "cron2 for every node", files: whole("cron2 = minute=0,hour=3,month=1 true\n") },
  {
    what: "cron2 for the lord",
    files: whole("cron2 = minute=0,legion=one true\n"),
    refused: /cron2: .*failover lord/,
  },
  {
    what: "legion-cron",
    files: whole("legion-cron = one 0 3 -1 -1 -1 true\n"),
    refused: /legion-cron: .*failover lord/,
  },
  {
    what: "an attached daemon of the lord",
    files: whole("legion-attach-daemon = one sleep 60\n"),
    refused: /legion-attach-daemon: .*systemd/,
  },
  {
    what: "an option nearly of that name",
    files: whole("legion_node = one 127.0.0.1:9\n"),
    warned: /legion_node: .*legion-node\?/,
  },
  {
    what: "a daemon of every node, and a job of the lord's by its old name",
    files: whole("attach-daemon = sleep 60\ncron-legion = one 0 3 -1 -1 -1 true\n"),
    refused: /cron-legion: .*failover lord/,
  },
  {
    what: "a daemon of the lord's with its pid file",
    files: whole("legion-smart-attach-daemon = one DIR/pid sleep 60\n"),
    refused: /legion-smart-attach-daemon: .*systemd/,
  },
  {
    what: "a file in YAML that is read by an option",
    files: { ...whole("yaml = DIR/more.yml\n"), "more.yml": "uwsgi:\n  legion-scroll: one x\n" },
    refused: /yaml: .*uwsgi --show-config --yaml/,
  },
];
