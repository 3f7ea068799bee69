// The command line, run as its users run it: as a process.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { topics } from "../../lib/manual/topics.ts";
import { program } from "../lab/failover.ts";
import { run } from "../lab/run.ts";

const config = (text: string) => {
  const file = Deno.makeTempFileSync({ suffix: ".ini" });
  Deno.writeTextFileSync(file, `[uwsgi]\n${text}`);
  return { file, [Symbol.dispose]: () => Deno.removeSync(file) };
};

Deno.test("help: what there is, and what a subcommand takes", async () => {
  for (const args of [["help"], ["--help"], ["-h"]]) {
    const { code, out, err } = await run(args);
    assertEquals([code, err], [0, ""]);
    for (const name of ["node", "demo", "help", "version"]) {
      assertMatch(out, RegExp(`^  ${name} `, "m"));
    }
    assertStringIncludes(out, "Examples:");
  }
  for (const args of [["help", "node"], ["node", "--help"], ["node", "run", "-h"]]) {
    const { code, out } = await run(args);
    assertEquals(code, 0);
    assertStringIncludes(out, "failover node --check-config");
    assertStringIncludes(out, "Exit status:");
  }
});

Deno.test("help: the chapters of the manual", async () => {
  const { out: overview } = await run(["help"]);
  for (const { name } of topics) {
    assertMatch(overview, RegExp(`^  ${name} `, "m"));
    const { code, out, err } = await run(["help", name]);
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^# \S/);
  }
});

Deno.test("help: a finding of the status, or a line of the log, finds its entry", async () => {
  const { out: entry } = await run(["help", "no-quorum"]);
  assertMatch(entry, /^## no-quorum\n\nFewer nodes/);
  const { code, out } = await run(["help", "no quorum: 1 present, 2 needed"]);
  assertEquals([code, out], [0, entry]);
  const pasted = "warning: 2 of 3 nodes hear each other (failover help no-quorum, node-silent)";
  assertEquals((await run(["help", pasted])).out, entry);
  const { out: row } = await run([
    "help",
    "ends in 0.5 s: it is started again at once, and may fail",
  ]);
  assertMatch(row, /^`ends in … s: it is started again at once, …`\n/);
});

Deno.test("help: a word finds the option and the entries that have it in their names", async () => {
  const { code, out } = await run(["help", "quorum"]);
  assertEquals(code, 0);
  assertMatch(out, /^legion-quorum = NAME N\n/);
  assertMatch(
    out,
    /\nSee also:\n\n {2}failover help no-quorum\n {2}failover help quorum-just-met\n$/,
  );
  assertEquals((await run(["help", "login"])).out, (await run(["help", "login-refused"])).out);
});

Deno.test("help: an action as the manual writes it, and the beginning of a chapter's name", async () => {
  const { code, out } = await run(["help", "address:"]);
  assertEquals([code, out], [0, (await run(["help", "address"])).out]);
  const exec = await run(["help", "exec:"]);
  assertMatch(exec.out, /^- `cmd:COMMAND` and `exec:COMMAND`: .*`FAILOVER_EVENT`/s);
  assertMatch(
    (await run(["help", "log"])).out,
    /^- `log:TEXT`: a line in the log\.\n\nAll actions: /,
  );
  assertEquals((await run(["help", "config"])).out, (await run(["help", "configuration"])).out);
});

Deno.test("status --watch ends where its reader goes away, and where it cannot be written", async () => {
  const watch = `${program.command.join(" ")} status --watch --stats 127.0.0.1:1`;
  for (
    const [shell, code] of [[`(${watch}; echo $? >&2) | head -n 1`, 0], [`${watch} >/dev/full`, 1]]
  ) {
    const { stdout, stderr } = await new Deno.Command("timeout", {
      args: ["20", "sh", "-c", code === 0 ? `${shell}` : `${shell}; echo $? >&2`],
      env: program.env,
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals(err.trimEnd().split("\n").at(-1), `${code}`, out + err);
  }
});

Deno.test("help: on a terminal a pager shows it, in bold type and colours", async () => {
  const bold = "\u001b[1mno-quorum\u001b[22m";
  const shown = async (pager: string) => {
    const command = [...program.command, "help", "no-quorum"].join(" ");
    // "script" gives the command a terminal of its own.
    const on = ["script", "--quiet", "--return", "--command", `stty cols 80; ${command}`];
    const { code, stdout } = await new Deno.Command(on[0], {
      args: [...on.slice(1), "/dev/null"],
      env: { ...program.env, PAGER: pager, NO_COLOR: "" },
    }).output();
    return { code, out: new TextDecoder().decode(stdout) };
  };
  const paged = await shown("sed 's/^/> /'");
  assertEquals(paged.code, 0);
  assertStringIncludes(paged.out, `> ${bold}`);
  // Without one the text comes all the same.
  const unpaged = await shown("/nonexistent/pager");
  assertEquals(unpaged.code, 0);
  assertStringIncludes(unpaged.out, bold);
});

for (const [page, section] of [["failover", 1], ["failover.ini", 5]] as const) {
  Deno.test(`man ${page}: a page that man shows without a warning, in 80 columns`, async () => {
    const { code, out, err } = await run(["man", ...section === 1 ? [] : [page]]);
    assertEquals([code, err], [0, ""]);
    const args = ["-l", "--warnings=all", "--no-justification", "-"];
    const man = new Deno.Command("man", {
      args,
      env: { MANWIDTH: "80", MAN_KEEP_FORMATTING: "", LC_ALL: "C.UTF-8" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const input = man.stdin.getWriter();
    await Promise.all([input.write(new TextEncoder().encode(out)), input.close()]);
    const shown = await man.output();
    assertEquals(new TextDecoder().decode(shown.stderr), "");
    const text = new TextDecoder().decode(shown.stdout);
    assertMatch(text, RegExp(`^${page.toUpperCase()}\\(${section}\\) `));
    for (const heading of ["NAME", "SYNOPSIS", "SEE ALSO"]) {
      assertMatch(text, RegExp(`^${heading}$`, "m"));
    }
  });
}

Deno.test("without a command: the help, to standard error", async () => {
  const { code, out, err } = await run([]);
  assertEquals([code, out], [2, ""]);
  assertStringIncludes(err, "Usage: failover COMMAND");
});

Deno.test("version", async () => {
  const fromSource = /^failover \d+\.\d+\.\d+\n$/;
  const built = /^failover \d+\.\d+\.\d+ \(commit [0-9a-f]+\+?, built \d{4}-\S+Z\)\n$/;
  for (const args of [["version"], ["--version"]]) {
    const { code, out } = await run(args);
    assertEquals(code, 0);
    assertMatch(out, program.executable === undefined ? fromSource : built);
  }
});

const misused: [args: string[], message: string, see: string][] = [
  [["nod"], "there is no command nod; did you mean node?", "help"],
  [["xyzzy"], "there is no command xyzzy", "help"],
  // A variable of a script that is empty.
  [[""], "there is no command ''", "help"],
  [["help", ""], "there is no command, topic or option ''", "help"],
  [["drain", ""], "what is ''?", "help drain"],
  [["--verson"], "there is no option --verson before the command; did you mean --version?", "help"],
  [
    ["--config", "x", "node"],
    "there is no option --config before the command: right would be failover COMMAND",
    "help",
  ],
  [["help", "demmo"], "there is no command, topic or option demmo; did you mean demo?", "help"],
  [
    ["help", "guarrantee"],
    "there is no command, topic or option guarrantee; did you mean guarantee?",
    "help",
  ],
  [
    ["help", "legion-quorom"],
    "there is no command, topic or option legion-quorom; did you mean legion-quorum?",
    "help",
  ],
  [["help", "xyzzy"], "there is no command, topic or option xyzzy", "help"],
  [["help", "demo", "now"], "what is now?", "help"],
  [["man", "failover.in"], "there is no page failover.in; did you mean failover.ini?", "help man"],
  [["man", "xyzzy"], "there is no page xyzzy; there are failover, failover.ini", "help man"],
  [["nod", "--help"], "there is no command nod; did you mean node?", "help"],
  [["node", "--confg", "x"], "there is no option --confg; did you mean --config?", "help node"],
  [["node", "start"], "what is start?", "help node"],
  [["status", "--json", "--watch"], "--watch does not go with --json", "help status"],
  [["status", "--quiet"], "--quiet needs --check", "help status"],
  [
    ["node", "--log-level", "loud"],
    "--log-level takes one of debug, info, warn, error, not loud",
    "help node",
  ],
  [["demo", "now"], "what is now?", "help demo"],
];
for (const [args, message, see] of misused) {
  Deno.test(`misused: failover ${args.join(" ")}`, async () => {
    const { code, out, err } = await run(args);
    assertEquals([code, out, err], [2, "", `failover: ${message}\nSee: failover ${see}\n`]);
  });
}

Deno.test("--json: what is printed where no node answers, and of wrong usage", async () => {
  const silent: Record<string, number> = { status: 1, lord: 75 };
  for (
    const name of [...Object.keys(silent), "drain", "resume", "handover", "promote", "restart"]
  ) {
    const none = await run([name, "--json", "--node", "127.0.0.1:1"]);
    assertEquals(none.code, silent[name] ?? 1, name);
    if (name in silent) assertEquals(none.out, "", name);
    else assertEquals([JSON.parse(none.out).outcome, none.err], ["failed", ""], name);
    const { code, out } = await run([name, "--json", "--no-such"]);
    assertEquals([code, out], [2, ""], name);
  }
});

Deno.test("misused: with --check it is unknown how the node is, and not critical", async () => {
  const misused = [["--json", "--check does not go with --json"], [
    "--no-such",
    "there is no option --no-such",
  ]];
  for (const [option, message] of misused) {
    const { code, out, err } = await run(["status", "--check", option]);
    assertEquals([code, out, err], [3, `FAILOVER UNKNOWN - ${message}\n`, ""]);
  }
});

Deno.test("--help and -h print a subcommand's help, also behind wrong options", async () => {
  for (const more of [["--help"], ["-h"], ["--no-such", "x", "-h"], ["--config", "--help"]]) {
    const { code, out, err } = await run(["takeover", ...more]);
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^failover takeover --ip ADDRESS/);
  }
});

Deno.test("--check-config: what the configuration says, or all that is wrong with it", async () => {
  using good = config("legion = one 127.0.0.1:1 1 bf-cbc:SECRET-KEY\n");
  const right = await run(["node", "--check-config", "--config", good.file]);
  assertEquals([right.code, right.err], [0, ""]);
  assertStringIncludes(right.out, "legion one\n  address    127.0.0.1:1  (line 2)\n");
  assertEquals(right.out.includes("SECRET-KEY"), false);

  using bad = config("legion = one 127.0.0.1:1 1 bf-cbc:x\nlegion-quorom = one 2\nstats = 1717\n");
  for (const more of [["--check-config"], []]) {
    const wrong = await run(["node", "--config", bad.file, ...more]);
    assertEquals([wrong.code, wrong.out], [2, ""]);
    assertEquals(wrong.err.split("\n").map((line) => line.split(": ").slice(0, 2)), [
      [`${bad.file}:3`, "legion-quorom"],
      [`${bad.file}:4`, "stats"],
      [""],
    ]);
  }
});

Deno.test("an address that cannot be listened on: exit status 1, and why", async () => {
  const taken = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  using inUse = config(`legion = one 127.0.0.1:${port} 1 bf-cbc:x\n`);
  const { code, out, err } = await run(["node", "--config", inUse.file]);
  taken.close();
  assertEquals([code, out], [1, ""]);
  assertStringIncludes(
    err,
    `${inUse.file}:2: legion one: cannot listen on 127.0.0.1:${port}: the address is in use`,
  );
});

Deno.test("what is only printed is not done when it cannot be: exit status 1", async () => {
  const on = ["sh", "-c", '"$@" > /dev/full', "sh"];
  using right = config("legion = one 127.0.0.1:2000 1 bf-cbc:x\n");
  for (
    const args of [
      ["systemd"],
      ["completions", "bash"],
      ["help"],
      ["status", "--help"],
      ["version"],
      ["node", "--check-config", "--config", right.file],
    ]
  ) {
    const { code, err } = await run(args, { on });
    assertEquals(code, 1, args[0]);
    assertMatch(err, /^the answer cannot be written: /);
  }
});

Deno.test("a reader that goes away is no error", async () => {
  const on = ["bash", "-c", '{ "$@"; echo "status $?" >&2; } | true', "bash"];
  assertEquals((await run(["help"], { on })).err, "status 0\n");
});
