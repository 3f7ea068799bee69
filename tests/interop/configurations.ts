// Configurations in uWSGI's dialect, of this project's own wording.
import type { Configuration } from "./configuration.ts";

/** The lines that every configuration has, one way or another. */
const hear = "legion-node = one HEAR\nlegion-freq = 1\n";
const hooks = `legion-setup = one cmd:sh DIR/say setup end
legion-join = one cmd:sh DIR/say join end
legion-lord = one cmd:sh DIR/say lord end
`;
const own = "legion = one OWN 7 aes-256-cbc:secret\n";
const all = `${own}${hear}${hooks}`;

/** A file with all that it takes, and more. */
const whole = (more = "", before = "") => ({ "main.ini": `[uwsgi]\n${before}${all}${more}` });
/** A file whose own line is another. */
const mine = (line: string) => ({ "main.ini": `[uwsgi]\n${line}\n${hear}${hooks}` });
const last = (what: string) => `legion-lord = one cmd:sh DIR/say ${what} too\n${hooks}`;

/** The values of options. */
const values: Configuration[] = [
  { what: "a lone node", files: whole() },
  {
    what: "a quorum, and its last line counts",
    files: whole("legion-quorum = one 3\nlegion-quorum = one 1\n"),
  },
  {
    what: "a quorum that one node never makes",
    files: whole("legion-quorum = one 2\n"),
    lord: false,
  },
  { what: "an arbiter", files: mine("legion = one OWN 0 aes-256-cbc:secret"), lord: false },
  {
    what: "a valor with text behind it",
    files: mine("legion = one OWN 98x aes-256-cbc:secret"),
    warned: /98 is read/,
  },
  {
    what: "a quorum with text behind it",
    files: whole("legion-quorum = one 1 vote\n"),
    warned: /1 is read/,
  },
  { what: "a freq with its unit", files: whole("legion-freq = 2s\n"), warned: /2 is read/ },
  {
    what: "zero as the default of the times",
    files: whole("legion-freq = 0\nlegion-tolerance = 0\nlegion-skew-tolerance = 0\n"),
  },
  { what: "a tolerance", files: whole("legion-tolerance = 7\n") },
  {
    what: "a scroll with blanks, signs and all",
    files: whole("legion-scroll = one rack 7;  row #2 = left\n"),
  },
  {
    what: "several nodes, one twice",
    files: whole("legion-node = one 127.0.0.1:9\nlegion-node = one 127.0.0.1:11\n"),
  },
  { what: "the cipher bf-cbc as blowfish", files: mine("legion = one OWN 7 blowfish:secret") },
  { what: "the cipher bf-cbc as BF", files: mine("legion = one OWN 7 BF:secret") },
  { what: "the cipher aes-128-cbc as aes128", files: mine("legion = one OWN 7 aes128:secret") },
  { what: "the cipher aes-192-cbc as AES192", files: mine("legion = one OWN 7 AES192:secret") },
  { what: "the cipher aes-256-cbc as Aes256", files: mine("legion = one OWN 7 Aes256:secret") },
  { what: "the cipher des-ede3-cbc as des3", files: mine("legion = one OWN 7 des3:secret") },
  { what: "an IV", files: mine("legion = one OWN 7 aes-256-cbc:secret iv") },
  { what: "an IV with blanks", files: mine("legion = one OWN 7 aes-256-cbc:secret my own iv") },
  {
    what: "an IV that begins with a blank",
    files: mine("legion = one OWN 7 aes-256-cbc:secret  iv"),
  },
  { what: "a secret with signs in it", files: mine("legion = one OWN 7 aes-256-cbc:a:b;#=,\\") },
  {
    what: "a secret longer than the key",
    files: mine("legion = one OWN 7 bf-cbc:a-secret-of-more-than-sixteen-bytes"),
  },
  {
    what: "comments, blank lines and odd blanks",
    files: {
      "main.ini":
        `; one\n\n[uwsgi]\n#two\n  legion=one OWN 7 aes-256-cbc:secret  \n${hear}\n${hooks}`,
    },
  },
];

/** Options that make the surroundings of hooks, and those that are uWSGI's alone. */
const surroundings: Configuration[] = [
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
      "main.ini": `[uwsgi]\n${own}${hear}${
        last("first")
      }legion-setup = one cmd:sh DIR/say setup again\n`,
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
];

/** Sections, placeholders, variables and files in values. */
const references: Configuration[] = [
  {
    what: "another section",
    files: { "main.ini": `[uwsgi]\nlegion-quorum = one 5\n[web]\n${all}legion-scroll = one web\n` },
    section: "web",
  },
  { what: "a placeholder", files: whole("legion-scroll = one %(place)\n", "place = rack 7\n") },
  {
    what: "the first of two placeholders of a name",
    files: whole("legion-scroll = one %(place)\n", "place = a\nplace = b\n"),
  },
  {
    what: "an environment variable",
    files: whole("legion-scroll = one $(PLACE)\nenv = A=$(PLACE)\n"),
    env: { PLACE: "rack 7" },
  },
  {
    what: "a file in a value",
    files: { ...whole("legion-scroll = one @(DIR/place)\n"), place: "rack 7\n" },
  },
  {
    what: "a secret from a file",
    files: { ...mine("legion = one OWN 7 aes-256-cbc:@(DIR/secret)"), secret: "two: of them\n" },
  },
];

/** All configurations that are read alike. */
export const configurations: readonly Configuration[] = [
  ...values,
  ...surroundings,
  ...references,
];
