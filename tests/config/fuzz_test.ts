// Whatever stands in a file: it is a configuration, or it is refused with a ConfigError.
import { assert } from "@std/assert";
import fc from "fast-check";
import { ConfigError } from "../../lib/config/config_error.ts";
import { describeConfiguration } from "../../lib/node/configuration.ts";
import { files, read } from "./read.ts";

/** Within a time that no such text needs by far: it takes a few milliseconds. */
function readsOrRefuses(text: string, longestMs = 2_000): void {
  const begun = performance.now();
  try {
    describeConfiguration(read(text));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
  }
  const ms = performance.now() - begun;
  assert(ms < longestMs, `it took ${ms} ms`);
}

const folder = new URL("./original/", import.meta.url);
const originals = [...Deno.readDirSync(folder)]
  .map(({ name }) => Deno.readTextFileSync(new URL(name, folder)).trimEnd().split("\n"));

/** Every option there is. */
const options = [
  ...["", "-mcast", "-node", "-quorum", "-auth", "-lease", "-release-time", "-max-members"],
  ...["-scroll", "-scroll-max-size", "-scroll-list-max-size", "-freq", "-tolerance"],
  ...["-skew-tolerance", "-death-on-lord-error", "-hook-timeout", "-setup", "-join", "-lord"],
  ...["-unlord", "-death", "-node-joined", "-node-left", "-check", "-failback", "-flap", "-cron"],
  "-unknown",
].map((end) => `legion${end}`).concat("stats", "stats-http", "password", "unique-cron-legion");

const hostile = [
  ...["", " ", "=", "=====", ":", "::", ":0", ",", ",,,=", "\\", "\0", "\ufeff", "'", '"'],
  ...["-1", "0", "00", "1e309", "NaN", "0x10", "9007199254740992", "9".repeat(400), ".5", "1."],
  ...["999.1.1.1:2000", "1.1.1.1:99999", "[::1]:2000", "[::", "[]:1", "::1", "fe80::1%lo:1"],
  ...["%(", "%(x", "%(legion)", "%(password)", "$(", "$(N)", "$(UNSET)", "@(", "@(/secret)"],
  ...["@(/nonexistent)", "%(%(%(%(%(%(%(%(%(%(%(%(x))))))))))))", "@(@(/secret))", "$(%(x))"],
  ...[
    "http://",
    "http://h:99999/",
    "tcp:",
    "tcp:1.1.1.1:0",
    "cmd:true every=0",
    "delay",
    "delay -1",
  ],
  ...["cmd=,http=", "cmd=true,rise=-1,name=", "delay", "delay -1", "3/", "/3", "0/0", "1e400/1"],
  ...["cmd:", "exec:true", "log:", "signal:1", "hetzner-failoverip:", "hetzner-failoverip:,=,="],
  ...["failover", "failover ", "failover on", "failover 1.1.1.1:1 1 bf-cbc:x y z"],
  ...["__proto__", "constructor", "toString", "a".repeat(20_000), "a ".repeat(10_000)],
  ...["(".repeat(5_000), "%(".repeat(5_000), "\\,".repeat(5_000), "=".repeat(5_000)],
];

const keys = [
  "username",
  "password",
  "ip",
  "active_ip",
  "url",
  "timeout",
  "verify",
  "reclaim",
  "ca",
]
  .concat("deadline", "preflight", "ssl_no_verify", "x", "__proto__");
const value = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.array(fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...hostile, "1.1.1.1", "http://h")))
    .map((pairs) => `hetzner-failoverip:${pairs.map((pair) => pair.join("=")).join(",")}`),
);
const name = fc.constantFrom("failover ", "failover ", "other ", "");
const line = fc.tuple(fc.constantFrom(...options), name, value)
  .map(([key, name, value]) => `${key} = ${name}${value}`);

Deno.test("any text is a configuration, or refused", () => {
  const parts = [
    "\n",
    "\r",
    "[",
    "]",
    "uwsgi",
    "[uwsgi]\n",
    "=",
    " ",
    "legion",
    ";",
    "#",
    "%(",
    ")",
  ];
  const part = fc.oneof(fc.constantFrom(...parts), fc.string({ unit: "binary", maxLength: 20 }));
  const text = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(""));
  fc.assert(fc.property(text, (text) => readsOrRefuses(text)), { numRuns: 3_000 });
});

Deno.test("the original files with broken lines are configurations, or refused", () => {
  const place = fc.noBias(fc.nat(0xffff));
  const change = fc.tuple(
    fc.constantFrom("cut", "put", "flip", "drop", "double"),
    place,
    place,
    value,
  );
  const any = fc.tuple(
    fc.constantFrom(...originals),
    fc.array(change, { minLength: 1, maxLength: 4 }),
  );
  fc.assert(
    fc.property(any, ([lines, changes]) => {
      const changed = [...lines];
      for (const [how, which, at, more] of changes) {
        const index = which % changed.length;
        const line = changed[index];
        const cut = at % (line.length + 1);
        const before = line.slice(0, cut);
        if (how === "cut") changed[index] = before;
        if (how === "put") changed[index] = before + more + line.slice(cut);
        if (how === "flip") {
          changed[index] = before + String.fromCharCode(which & 0x7f) + line.slice(cut + 1);
        }
        if (how === "drop") changed[index] = "";
        if (how === "double") changed.push(line);
      }
      readsOrRefuses(changed.join("\n"));
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("any options with hostile values are a configuration, or refused", () => {
  const any = fc.array(line, { maxLength: 8 })
    .map((lines) => ["[uwsgi]", "legion = failover 1.1.1.1:2000 1 bf-cbc:x", ...lines].join("\n"));
  fc.assert(fc.property(any, (text) => readsOrRefuses(text)), { numRuns: 4_000 });
});

Deno.test("any files that include each other, with blocks and references, are read or refused", () => {
  const word = fc.constantFrom(
    ...["a.ini", "b.ini", "a.ini:two", ":two", ":uwsgi", "x", "HOME", "9", "*", "[a-", "?/?", "/"],
    ...["%", "%%", "%(", "%(a)", "%(_)", "%(a + 1)", "%d", "%n", "$(", "@(", ")", "=", " ", "\0"],
    ...["exec://x", "^(a+)+$", "(", "a=b", "one", "127.0.0.1:2", "1 bf-cbc:x"],
  );
  const words = fc.array(word, { maxLength: 5 }).map((words) => words.join(""));
  const key = fc.constantFrom(
    ...["ini", "include", "inherit", "set", "set-ph", "resolve", "config", "xml", "a", "legion"],
    ...["if-env", "if-opt", "if-file", "if-hostname", "if-hostname-match", "if-plugin", "if-x"],
    ...["for", "for-times", "for-glob", "for-readline", "endif", "end-for", "end", "legion-scroll"],
  );
  const line = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(key, words).map(([key, words]) => `${key} = ${words}`) },
    { weight: 1, arbitrary: fc.constantFrom("[uwsgi]", "[two]", "[", "; %", "") },
  );
  const text = fc.array(line, { maxLength: 10 }).map((lines) => ["[uwsgi]", ...lines].join("\n"));
  fc.assert(
    fc.property(text, text, text, (first, a, b) => {
      files["a.ini"] = a;
      files["b.ini"] = b;
      readsOrRefuses(first);
    }),
    { numRuns: 2_000 },
  );
});

const size = 250_000;
const action = "hetzner-failoverip:username=a,password=b,ip=1.1.1.1,active_ip=1.1.1.1";
const large: Record<string, string> = {
  "a long key": `legion-${"a".repeat(size)} = 1`,
  "percents": `a = ${"%p".repeat(size / 2)}`,
  "percents that vanish": `a = ${"%z".repeat(size / 2)}`,
  "repetitions": `for-times = 10000\n${"a = %(_)\n".repeat(size / 10)}endfor`,
  "a pattern": `for-glob = ${"*a".repeat(size / 2)}\na = 1\nendfor`,
  "another pattern": `for-glob = ${"[".repeat(size / 2)}${"*/".repeat(size / 4)}\na = 1\nendfor`,
  "placeholders of placeholders": Array.from(
    { length: size / 20 },
    (_, i) => `a${i} = %(a${i - 1})`,
  ).join("\n"),
  "placeholders of those below": Array.from(
    { length: size / 20 },
    (_, i) => `a${i} = %(a${i + 1})`,
  ).join("\n"),
  "a sum": `a = %(${"1 + ".repeat(size / 4)}1)`,
  "conditions": "if-opt = a=b\nendif\n".repeat(size / 20),
  "many keys": "legion-x = 1\n".repeat(size / 13),
  "many nodes": "legion-node = failover 1.1.1.1:1\n".repeat(size / 33),
  "references begun": `a = ${"%(".repeat(size / 2)}`,
  "references in references": `a = ${"%(".repeat(size / 4)}${")".repeat(size / 4)}`,
  "references to nothing": `legion-lord = failover log:${"%(x)".repeat(size / 4)}`,
  "a long list": `legion-lord = failover ${action},${"ca=x,".repeat(size / 5)}`,
  "white space": `legion-lord = failover${" ".repeat(size)}x`,
  "a long number": `legion-freq = ${"9".repeat(size)}x`,
  "a long host": `legion-node = failover ${"1.".repeat(size / 2)}:1`,
  "a long URL": `legion-lord = failover ${action},url=http://${"a.".repeat(size / 2)}`,
};
for (const [what, line] of Object.entries(large)) {
  Deno.test(`a quarter of a megabyte of one thing is read in time: ${what}`, () => {
    const text = `[uwsgi]\nlegion = failover 1.1.1.1:2000 1 bf-cbc:x\n${line}`;
    readsOrRefuses(text, 5_000);
  });
}
