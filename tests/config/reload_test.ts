import { assertEquals } from "@std/assert";
import { reload } from "../../lib/config/reload.ts";
import { read } from "./read.ts";

const text = [
  "[uwsgi]",
  "legion = one 127.0.0.1:1 10 bf-cbc:SECRET",
  "legion-node = one 127.0.0.1:2",
  "legion-node = one 127.0.0.1:3",
  "legion-quorum = one 2",
  "legion-lord = one log:lord",
  "",
].join("\n");
const running = read(text);

function reloaded(after: string) {
  const { config, changed, needsRestart } = reload(running, read(after));
  return { legion: config.legions[0], config, changed, needsRestart };
}

Deno.test("a file that says the same changes nothing, be its lines where they are", () => {
  for (const after of [text, `; a comment\n${text}`]) {
    const { changed, needsRestart } = reloaded(after);
    assertEquals([changed, needsRestart], [[], []]);
  }
});

const inPlace: [line: string, option: string][] = [
  ["legion-unlord = one cmd:true", "hooks"],
  ["legion-lord = one log:another", "hooks"],
  ["legion-node = one 127.0.0.1:4", "legion-node"],
  ["legion-quorum = one 3", "legion-quorum"],
  ["legion-lease = one on", "legion-lease"],
  ["legion-release-time = one 1", "legion-release-time"],
  ["legion-max-members = one 5", "legion-max-members"],
  ["legion-check = one cmd=true", "legion-check"],
  ["legion-failback = one manual", "legion-failback"],
  ["legion-flap = one 5/600", "legion-flap"],
  ["legion-scroll = one text", "legion-scroll"],
  ["legion-freq = 1", "legion-freq"],
  ["legion-tolerance = 20", "legion-tolerance"],
  ["legion-death-on-lord-error = 300", "legion-death-on-lord-error"],
  ["legion-hook-timeout = 60", "legion-hook-timeout"],
];
for (const [line, option] of inPlace) {
  Deno.test(`in place: ${line}`, () => {
    const after = `${text}${line}\n`;
    const { config, changed, needsRestart } = reloaded(after);
    assertEquals([changed, needsRestart], [[`legion one: ${option}`], []]);
    assertEquals(config, read(after));
  });
}

const restarts: [what: string, from: string | RegExp, to: string, message: string][] = [
  ["port", ":1 10", ":7 10", "f.ini:2: legion one: another address, with its nodes and quorum,"],
  ["valor", "10 bf", "11 bf", "f.ini:2: legion one: another valor"],
  ["secret", "SECRET", "ANOTHER", "f.ini:2: legion one: another cipher, secret or IV"],
  ["IV", "SECRET", "SECRET an-iv", "f.ini:2: legion one: another cipher, secret or IV"],
  ["cipher", "bf-cbc", "aes-128-cbc", "f.ini:2: legion one: another cipher, secret or IV"],
  ["auth", /$/, "legion-auth = one hmac-sha256:K\n", "f.ini:2: legion one: another legion-auth"],
  [
    "skew",
    /$/,
    "legion-skew-tolerance = 9\n",
    "f.ini:2: legion one: another legion-skew-tolerance",
  ],
  [
    "scrolls",
    /$/,
    "legion-scroll-max-size = 9\n",
    "f.ini:2: legion one: another legion-scroll-max-size",
  ],
  ["lease", /$/, "legion-lease = one off\n", "f.ini:2: legion one: legion-lease to or from off"],
  ["stats", /$/, "stats = /run/x.sock\n", "f.ini: another stats or stats-http"],
  ["HTTP", /$/, "stats-http = true\n", "f.ini: another stats or stats-http"],
  ["a further", /$/, "legion = two 127.0.0.1:9 1 bf-cbc:S\n", "f.ini:7: to be in the legion two"],
];
for (const [what, from, to, message] of restarts) {
  Deno.test(`needs a restart, and stays as it was: ${what}`, () => {
    const { config, changed, needsRestart } = reloaded(text.replace(from, to));
    assertEquals([changed, needsRestart], [[], [`${message} needs a restart`]]);
    assertEquals(config.legions, running.legions);
    assertEquals([config.stats, config.statsHttp], [running.stats, running.statsHttp]);
  });
}

Deno.test("a legion that the file no longer has is kept", () => {
  const { config, needsRestart } = reloaded(text.replaceAll(" one ", " other "));
  assertEquals(config.legions, running.legions);
  assertEquals(needsRestart, [
    "f.ini: to be without the legion one needs a restart",
    "f.ini:2: to be in the legion other needs a restart",
  ]);
});

Deno.test("with another address everything that was checked with it stays: nodes, quorum, lease", () => {
  // With this address 2 of its 3 nodes are a majority; with the old one it would be 2 of 4.
  const after = text.replace(":1 10", ":4 10") +
    "legion-node = one 127.0.0.1:4\nlegion-freq = 1\nlegion-lease = one on\n";
  const { legion, changed } = reloaded(after);
  assertEquals(legion, { ...running.legions[0], freqMs: 1_000 });
  assertEquals(changed, ["legion one: legion-freq"]);
});

Deno.test("with another address the nodes are as many as they were", () => {
  const { legion } = reloaded(text.replace(":1 10", ":9 10") + "legion-node = one 127.0.0.1:4\n");
  assertEquals(legion, running.legions[0]);
});

Deno.test("what cannot change does not keep the rest from changing, and is named again", () => {
  const after = read(text.replace("10 bf", "11 bf") + "legion-freq = 1\n");
  const first = reload(running, after);
  const second = reload(first.config, after);
  assertEquals([first.changed, second.changed], [["legion one: legion-freq"], []]);
  assertEquals(second.needsRestart, ["f.ini:2: legion one: another valor needs a restart"]);
});
