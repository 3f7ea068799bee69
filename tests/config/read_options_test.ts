import { assertEquals, assertStringIncludes } from "@std/assert";
import type { LegionConfig } from "../../lib/config/config.ts";
import { files, problemsOf, read, text } from "./read.ts";
import type { KeptSettings } from "../../lib/robot/provider.ts";

const one = (more: string): LegionConfig => read(text + more).legions[0];
const action = (more: string) => one(more).hooks[0].action;

Deno.test("every option has its place", () => {
  const legion = one(`
legion-node = one 127.0.0.1:2
legion-node = one 127.0.0.1:3
legion-quorum = one 2
legion-scroll = one a text  with spaces
legion-freq = 0.1
legion-tolerance = 0.35
legion-skew-tolerance = 5
legion-death-on-lord-error = 2.5
legion-hook-timeout = 10
legion-scroll-max-size = 100
legion-scroll-list-max-size = 1000
`);
  assertEquals(legion.nodes.map(({ port }) => port), [2, 3]);
  assertEquals([legion.quorum, legion.scroll], [2, "a text  with spaces"]);
  assertEquals([legion.freqMs, legion.toleranceMs, legion.skewToleranceMs], [100, 350, 5000]);
  assertEquals([legion.deathOnLordErrorMs, legion.hookTimeoutMs], [2500, 10_000]);
});

Deno.test("it does not matter which option stands first", () => {
  const { legions: [legion] } = read(
    "[uwsgi]\nlegion-quorum = one 2\nlegion-node = one 1.1.1.1:2\nlegion = one :1 1 bf-cbc:x",
  );
  assertEquals([legion.quorum, legion.nodes.length], [2, 1]);
});

Deno.test("a process may be in several legions", () => {
  const config = read(`${text}legion = two 127.0.0.2:1 0 AES-256-CBC:a:b;# an-iv
legion-node = two 127.0.0.1:7
`);
  const [first, second] = config.legions;
  assertEquals([first.name, first.nodes], ["one", []]);
  const { name, valor, cipher, secret, iv } = second;
  assertEquals([name, valor, cipher, secret, iv], ["two", 0, "aes-256-cbc", "a:b;#", "an-iv"]);
  assertEquals(second.nodes, [{ host: "127.0.0.1", port: 7 }]);
});

Deno.test("legion-mcast adds its own address as a node, and a node that is there twice is one", () => {
  const { legions: [legion] } = read(`[uwsgi]
legion-mcast = one 225.1.1.1:4242 98 bf-cbc:hello
legion-node = one 225.1.1.1:4242
`);
  assertEquals(legion.casting, "multicast");
  assertEquals(legion.nodes, [{ host: "225.1.1.1", port: 4242 }]);
});

Deno.test("a node that is written in two ways is one", () => {
  const { legions: [legion] } = read(`[uwsgi]
legion = one [::1]:1 1 bf-cbc:x
legion-node = one [2001:db8::2]:1
legion-node = one [2001:DB8:0::2]:1
`);
  assertEquals(legion.nodes.length, 1);
});

Deno.test("hooks keep the order of the file", () => {
  const hooks = one(`
legion-unlord = one cmd:a
legion-lord = one log:a text: with a colon
legion-lord = one exec:b
legion-node-joined = one cmd:c
legion-node-left = one cmd:d
legion-setup = one cmd:e
legion-join = one cmd:f
legion-death = one cmd:g
`).hooks;
  assertEquals(hooks.map(({ event }) => event), [
    "unlord",
    "lord",
    "lord",
    "node-joined",
    "node-left",
    "setup",
    "join",
    "death",
  ]);
  assertEquals(hooks.slice(1, 3).map(({ action }) => action), [
    { kind: "log", settings: { text: "a text: with a colon" } },
    { kind: "cmd", settings: { command: "b", written: "b" } },
  ]);
});

Deno.test("a password comes from the environment, a file or a placeholder", () => {
  const list = "hetzner-failoverip:user=u,ip=4.4.4.4,active_server_ip=1.1.1.1,pass=";
  for (
    const [more, password] of [
      [`legion-lord = one ${list}$(ROBOT_PASSWORD)`, "from the environment"],
      [`legion-lord = one ${list}@(/secret)`, "from a file"],
      [`pw = a\\,b\nlegion-lord = one ${list}%(pw)`, "a,b"],
    ]
  ) {
    const { kind, settings } = action(more);
    assertEquals([kind, (settings as KeptSettings).password], ["hetzner-failoverip", password]);
  }
});

Deno.test("of a placeholder that is defined twice the first counts, as in uWSGI", () => {
  assertEquals(one("who = joe\nwho = jim\nlegion-scroll = one %(who)").scroll, "joe");
});

Deno.test("what is for uWSGI alone is passed over, placeholders in use are not", () => {
  const config = read(`${text}plugin = hetzner
master = true
plugin = another
logformat = %(addr) - %(user)
missing = @(/nonexistent)
who = joe
legion-scroll = one %(who)
`);
  assertEquals(config.passedOver, ["plugin", "master", "logformat", "missing"]);
});

Deno.test("a name that is passed over and near an option's is a warning", () => {
  for (
    const [line, said] of [
      [
        "legion_node = one 1.1.1.1:2",
        "legion_node: no option has this name; did you mean legion-node?",
      ],
      [
        "legoin-node = one 1.1.1.1:2",
        "legoin-node: no option has this name; did you mean legion-node?",
      ],
      ["Legion-Quorum = one 2", "no option has this name; did you mean legion-quorum?"],
      ["stat = :1", "stat: no option has this name; did you mean stats?"],
    ]
  ) {
    const { warnings, passedOver } = read(`${text}${line}\n`);
    assertEquals(warnings.filter((each) => each.includes("mean")), [`f.ini:3: ${said}`]);
    assertEquals(passedOver, []);
  }
  for (
    const none of [
      "myip = 1.1.1.1",
      "id = 7",
      "stats-min = true",
      "legion_scroll = here\nlegion-scroll = one %(legion_scroll)",
    ]
  ) {
    assertEquals(read(`${text}${none}\n`).warnings.filter((each) => each.includes("mean")), []);
  }
});

Deno.test("the shell's own $(…) in a command is left to it", () => {
  const found = action("legion-lord = one cmd:echo $(date) $(ROBOT_PASSWORD)");
  assertEquals(found, {
    kind: "cmd",
    settings: {
      command: "echo $(date) from the environment",
      written: "echo $(date) $(ROBOT_PASSWORD)",
    },
  });
});

Deno.test("stats: an address or a path; stats-http alone or with a value", () => {
  assertEquals(read(`${text}stats = 127.0.0.1:1717`).stats, {
    address: { host: "127.0.0.1", port: 1717 },
  });
  assertEquals(read(`${text}stats = /run/failover.sock`).stats, { path: "/run/failover.sock" });
  assertEquals(read(text).statsHttp, false);
  assertEquals(read(`${text}stats-http`).statsHttp, true);
  assertEquals(read(`${text}stats-http = true`).statsHttp, true);
  for (const off of ["0", "false", "no", "off"]) {
    assertEquals(read(`${text}stats-http = ${off}`).statsHttp, false);
  }
});

Deno.test("what is unwise is said", () => {
  const list = "username=u,password=p,ip=4.4.4.4,active_ip=1.1.1.1";
  const { warnings } = read(`${text}
legion-lord = one hetzner-failoverip:${list},ssl_no_verify=
legion-lord = one hetzner-failoverip:${list},url=http://robot.example/
legion-lord = one hetzner-failoverip:${list},url=http://127.0.0.1:7/
legion-lord = one hetzner-failoverip:${list},url=http://localhost:7/
legion-lord = one hetzner-failoverip:${list},url=http://127.0.0.1.example/
`);
  assertEquals(warnings, [
    "f.ini:4: hetzner-failoverip: ssl_no_verify: anybody on the way can read the password",
    "f.ini:5: hetzner-failoverip: over http the password is readable",
    "f.ini:8: hetzner-failoverip: over http the password is readable",
  ]);
});

const lord = (password: string) =>
  `legion-lord = one hetzner-failoverip:user=u,pass=${password},ip=4.4.4.4,active_ip=1.1.1.1`;

const wrong: [what: string, line: string, message: string][] = [
  [
    "an option that does not exist",
    "legion-quorom = one 2",
    "legion-quorom: there is no such option; did you mean legion-quorum?",
  ],
  [
    "a hook for an event that does not exist",
    "legion-lrd = one cmd:true",
    "legion-lrd: there is no such option; did you mean legion-lord?",
  ],
  [
    "a legion that is not defined",
    "legion-node = two 1.1.1.1:1",
    "legion-node: there is no such legion; there are: one",
  ],
  [
    "a part missing",
    "legion-quorum = one",
    "legion-quorum: right would be legion-quorum = LEGION …",
  ],
  [
    "a legion defined twice",
    "legion = one 127.0.0.1:2 1 bf-cbc:x",
    "legion: the legion one is defined in line 2",
  ],
  [
    "an address without a port",
    "legion-node = one 1.1.1.1",
    "legion-node: no address: it has no port; right would be 1.2.3.4:2000, [::1]:2000 or :2000",
  ],
  [
    "a node of another family",
    "legion-node = one [::1]:1",
    "legion-node: a node and the legion's own address must both be IPv4 or both IPv6",
  ],
  [
    "a quorum that is none",
    "legion-quorum = one two",
    "legion-quorum: right would be a whole number from 0",
  ],
  [
    "no duration",
    "legion-tolerance = fifteen",
    "legion-tolerance: right would be a number of seconds: 0, or 0.001 to 86400",
  ],
  [
    "stats that are neither an address nor a path",
    "stats = 1717",
    "stats: right would be an address (127.0.0.1:1717) or a path (./1717)",
  ],
  [
    "a scroll that is too long",
    "legion-scroll-max-size = 3\nlegion-scroll = one abcd",
    "legion-scroll: the scroll is 4 bytes long, legion-scroll-max-size is 3",
  ],
  [
    "a number of uWSGI's that is none",
    "legion-scroll-list-max-size = many",
    "legion-scroll-list-max-size: right would be a whole number from 0",
  ],
  [
    "a way to fail back that is none",
    "legion-failback = one late",
    "legion-failback: right would be one of immediate, delay SECONDS, manual",
  ],
  [
    "a delay without its seconds",
    "legion-failback = one delay",
    "legion-failback: right would be one of immediate, delay SECONDS, manual",
  ],
  [
    "a limit of flaps without its time",
    "legion-flap = one 3",
    "legion-flap: right would be COUNT/SECONDS, as 3/600",
  ],
  [
    "a limit of no flaps at all",
    "legion-flap = one 0/600",
    "legion-flap: right would be a whole number from 1",
  ],
  [
    "uWSGI's cron",
    "legion-cron = one 1 1 1 1 1 true",
    "legion-cron: this option of uWSGI's is not to be had here: use legion-lord and legion-unlord hooks that start and stop a systemd service or timer, or a crontab line: * * * * * failover lord --quiet --legion NAME && COMMAND",
  ],
  [
    "uWSGI's daemons",
    "legion-smart-attach-daemon2 = one /x.pid true",
    "legion-smart-attach-daemon2: this option of uWSGI's is not to be had here: use legion-lord and legion-unlord hooks that start and stop a systemd service or timer, or a crontab line: * * * * * failover lord --quiet --legion NAME && COMMAND",
  ],
  [
    "a file that cannot be read",
    lord("@(/nonexistent)"),
    "legion-lord: @(/nonexistent): there is no such file",
  ],
  [
    "a variable that is not set",
    lord("$(NOT_SET)"),
    "legion-lord: $(NOT_SET): this environment variable is not set",
  ],
  [
    "a variable that is not set, by way of a placeholder",
    `pw = $(NOT_SET)\n${lord("%(pw)")}`,
    "legion-lord: $(NOT_SET): this environment variable is not set",
  ],
  [
    "a file whose folder is not known, as one mistake",
    lord("@($(NOT_SET)/robot)"),
    "legion-lord: $(NOT_SET): this environment variable is not set",
  ],
  [
    "a placeholder that is defined nowhere",
    "legion-scroll = one %(never)",
    "legion-scroll: %(never): no option or placeholder has this name",
  ],
];
for (const [what, line, message] of wrong) {
  Deno.test(`refused: ${what}`, () => {
    const number = 2 + line.split("\n").length;
    assertEquals(problemsOf(text + line), [`f.ini:${number}: ${message}`]);
  });
}

Deno.test("a line without = is refused, and nothing of it is told but an option's name", () => {
  for (
    const [line, option] of [
      ["legion two 127.0.0.1:2 1 bf-cbc:SECRET", "legion: "],
      ["legion-mcast two 225.1.1.1:2 1 bf-cbc:a=SECRET", "legion-mcast: "],
      ["stats: SECRET", "stats: "],
      ["api-password: SECRET", ""],
      ["secret: SECRET", ""],
    ]
  ) {
    assertEquals(problemsOf(text + line), [
      `f.ini:3: ${option}there is no "=" behind the option`,
    ]);
  }
});

Deno.test("what may be the end of a secret is passed over by its line's number", () => {
  const config = read(`${text}plugin = hetzner\nsecret\nSECRET2 = x\n`);
  assertEquals(config.passedOver, ["plugin", "line 4", "line 5"]);
});

Deno.test("cron2 is refused where it runs on the lord, and else passed over", () => {
  const cron = (value: string) => problemsOf(`${text}cron2 = ${value}`).length;
  assertEquals(cron("minute=-1,legion=one true"), 1);
  assertEquals(cron("legion=one true"), 1);
  assertEquals(cron("minute=-1,unique=1 touch legion=one"), 0);
  assertEquals(cron("minute=-1 true ,legion=one"), 0);
});

Deno.test("what would make other hooks or nodes, and is not read, is refused with what is right", () => {
  for (
    const [line, right] of [
      ["chroot = /srv", "RootDirectory="],
      ["envdir = /srv", "env = NAME=VALUE"],
      ["add-gid = adm", "uid"],
      ["declare-option = node=legion-node = one $1", "write out"],
      ["yaml = nodes.yml", "uwsgi --show-config --yaml FILE"],
      ["xml = nodes.xml", "uwsgi --show-config --xml FILE"],
      ["json = nodes.json", "uwsgi --show-config --json FILE"],
    ]
  ) {
    const problems = problemsOf(`${text}${line}`);
    assertEquals(problems.length, 1);
    assertStringIncludes(problems[0], right);
  }
});

Deno.test("every spelling of uWSGI's cron and daemons for the lord is refused", () => {
  for (
    const option of [
      "cron-legion",
      "unique-cron-legion",
      "legion-cron",
      "unique-legion-cron",
      "legion-attach-daemon",
      "legion-smart-attach-daemon",
    ]
  ) {
    const [problem] = problemsOf(`${text}${option} = one 1 1 1 1 1 true`);
    assertStringIncludes(problem, `f.ini:3: ${option}: this option of uWSGI's is not to be had`);
  }
});

Deno.test("of an option that can only hold once, the last line counts", () => {
  const given = (n: number) => `
legion-quorum = one ${n}
legion-auth = one hmac-sha256:S${n}
legion-lease = one ${["off", "on", "auto"][n - 1]}
legion-release-time = one ${n}
legion-max-members = one ${n}
legion-failback = one delay ${n}
legion-flap = one ${n}/${n}0
legion-scroll = one scroll ${n}
legion-scroll-max-size = ${n}00
legion-freq = ${n}
legion-tolerance = ${n}0
legion-skew-tolerance = ${n}0
legion-death-on-lord-error = ${n}0
legion-hook-timeout = ${n}0
stats = 127.0.0.1:${n}
stats-http = ${n === 3 ? "yes" : "no"}
`;
  const elsewhere = (text: string) => ({ ...read(text), origins: [] });
  assertEquals(elsewhere(text + [1, 2, 3].map(given).join("")), elsewhere(text + given(3)));
});

Deno.test("a lord hook that fails may cost no time at all, which may be said as well", () => {
  assertEquals(one("").deathOnLordErrorMs, 0);
  assertEquals(one("legion-death-on-lord-error = 0").deathOnLordErrorMs, 0);
});

Deno.test("a node fails back at once, after a delay, or when it is told", () => {
  const failback = (how: string) => one(`legion-failback = one ${how}`).failback;
  assertEquals(["immediate", "delay  1.5", "manual"].map(failback), [
    { kind: "immediate" },
    { kind: "delay", delayMs: 1_500 },
    { kind: "manual" },
  ]);
});

Deno.test("stats in uWSGI's other forms", () => {
  const of = (value: string, more = "") => read(`${text}stats = ${value}\n${more}`).stats;
  assertEquals(of("*:1717"), { address: { host: "0.0.0.0", port: 1717 } });
  assertEquals(of("localhost:1717"), { address: { host: "127.0.0.1", port: 1717 } });
  assertEquals(of("stats.sock"), { path: "stats.sock" });
  assertEquals(of("stats.sock", "chdir = /usr/"), { path: "/usr/stats.sock" });
  assertEquals(of("/run/x.sock", "chdir = /usr"), { path: "/run/x.sock" });
  assertEquals(problemsOf(`${text}stats = @failover`), [
    "f.ini:3: stats: all users may read an abstract socket; right would be a path, /run/x.socket",
  ]);
  assertEquals(problemsOf(`${text}stats-http = 127.0.0.1:1717`), [
    "f.ini:3: stats-http: right would be true or false, and the address in stats",
  ]);
});

Deno.test("0 is the default of a time of uWSGI's", () => {
  const { freqMs, toleranceMs, skewToleranceMs } = one(
    "legion-freq = 0\nlegion-tolerance = 0.0\nlegion-skew-tolerance = 0\n",
  );
  assertEquals([freqMs, toleranceMs, skewToleranceMs], [3_000, 15_000, 60_000]);
});

Deno.test("a number is read up to its first other character, with a warning", () => {
  const config = read(`[uwsgi]
legion = one 127.0.0.1:1 98x bf-cbc:x
legion-freq = 2s
legion-tolerance = 7.5 seconds
legion-quorum = one 1 vote
`);
  const [{ valor, freqMs, toleranceMs, quorum }] = config.legions;
  assertEquals([valor, freqMs, toleranceMs, quorum], [98, 2_000, 7_500, 1]);
  const left = "is read, as uWSGI reads it, and what follows the number is left out";
  assertEquals(config.warnings.filter((each) => each.includes("left out")).sort(), [
    `f.ini:2: legion: 98 ${left}`,
    `f.ini:3: legion-freq: 2 ${left}`,
    `f.ini:4: legion-tolerance: 7.5 ${left}`,
    `f.ini:5: legion-quorum: 1 ${left}`,
  ]);
  // Options of this program's own are not read so.
  assertEquals(problemsOf(`${text}legion-hook-timeout = 2s`).length, 1);
  assertEquals(problemsOf(`${text}legion-freq = s2`).length, 1);
});

Deno.test("stats without a host are for this machine alone", () => {
  assertEquals(read(`${text}stats = :1717`).stats, { address: { host: "127.0.0.1", port: 1717 } });
  assertEquals(read(`${text}stats = 0.0.0.0:1717`).stats, {
    address: { host: "0.0.0.0", port: 1717 },
  });
});

Deno.test("stats-server is uWSGI's other name for stats", () => {
  assertEquals(read(`${text}stats-server = /run/x.sock`).stats, { path: "/run/x.sock" });
});

Deno.test("in a command, only what the shell has a meaning for is left to it", () => {
  const command = (text_: string) => problemsOf(`${text}legion-lord = one cmd:${text_}`);
  assertEquals(command("echo $(date)"), []);
  assertEquals(command("curl -d @(/nonexistent) http://x"), [
    "f.ini:3: legion-lord: @(/nonexistent): there is no such file",
  ]);
  assertEquals(command("echo %(nothing)"), [
    "f.ini:3: legion-lord: %(nothing): no option or placeholder has this name",
  ]);
});

Deno.test("a scroll may be as long as its limit, in bytes", () => {
  const scroll = (text_: string, max = 6) =>
    problemsOf(`${text}legion-scroll-max-size = ${max}\nlegion-scroll = one ${text_}`);
  assertEquals([scroll("äöü"), scroll("x".repeat(32_768), 32_768)], [[], []]);
  assertEquals(scroll("äöü!"), [
    "f.ini:4: legion-scroll: the scroll is 7 bytes long, legion-scroll-max-size is 6",
  ]);
});

Deno.test("what would not fit into a datagram is refused", () => {
  assertEquals(problemsOf(`${text}legion-scroll-max-size = 32769`), [
    "f.ini:3: legion-scroll-max-size: a scroll of at most 32768 bytes fits",
  ]);
  for (const name of ["x".repeat(256), "ä".repeat(128)]) {
    assertEquals(problemsOf(`[uwsgi]\nlegion = ${name} :1 1 bf-cbc:x`), [
      "f.ini:2: legion: the name is longer than 255 bytes",
    ]);
  }
  assertEquals(problemsOf(`[uwsgi]\nlegion = ${"x".repeat(255)} :1 1 bf-cbc:x`), []);
});

Deno.test("a section without a legion is refused", () => {
  assertEquals(problemsOf("[uwsgi]\nmaster = true"), [
    "f.ini: no legion in section [uwsgi]: right would be a line like legion = failover 1.1.1.1:2000 100 bf-cbc:SECRET",
  ]);
});

Deno.test("all that is wrong is told, in the order of the lines, and each once", () => {
  const problems = problemsOf(`[uwsgi]
legion-node = one 1.1.1.1
legion = one 127.0.0.1:1 high bf-cbc:x
legion-quorum = one many
legion-quorom = one 2
legion-lord = one cmd:
stats = 1717
`);
  assertEquals(problems.map((problem) => problem.split(": ").slice(0, 2).join(" ")), [
    "f.ini:2 legion-node",
    "f.ini:3 legion",
    "f.ini:4 legion-quorum",
    "f.ini:5 legion-quorom",
    "f.ini:6 legion-lord",
    "f.ini:7 stats",
  ]);
});

Deno.test("a legion whose own line is wrong is no reason to find its options wrong", () => {
  for (const wrong of ["127.0.0.1:1 high bf-cbc:x", "127.0.0.1:1 1 bf-cbc:$(NOT_SET)"]) {
    const problems = problemsOf(`[uwsgi]
legion = one ${wrong}
legion-node = one [::1]:1
legion-lord = one cmd:true
`);
    assertEquals(problems.length, 1, problems.join("\n"));
  }
});

Deno.test("the lease's options, and what they are without a word", () => {
  const { lease, releaseMs, maxMembers, authSecret, voters } = one("");
  assertEquals([lease, releaseMs, maxMembers, authSecret, voters], [
    "auto",
    0,
    1000,
    undefined,
    ["127.0.0.1:1"],
  ]);
  const legion = one(`
legion-node = one 127.0.0.1:2
legion-node = one 127.0.0.1:3
legion-quorum = one 2
legion-lease = one on
legion-release-time = one 2.5
legion-max-members = one 10
legion-auth = one hmac-sha256:a secret: with spaces
`);
  assertEquals([legion.lease, legion.releaseMs, legion.maxMembers], ["on", 2500, 10]);
  assertEquals([legion.authSecret, legion.voters.length], ["a secret: with spaces", 3]);
});

const wrongLease: [what: string, more: string, problem: string][] = [
  ["no such use", "legion-lease = one yes", "3: legion-lease: right would be one of auto, on, off"],
  [
    "on, with half of the nodes as quorum",
    "legion-lease = one on\nlegion-quorum = one 1\nlegion-node = one 127.0.0.1:2",
    "2: legion: legion-lease is on and legion-quorum is 1: it must be more than half of its 2 " +
    "nodes, at least 2",
  ],
  [
    "a release that outlasts every lease",
    "legion-release-time = one 8",
    "3: legion-release-time: it is more than half of legion-tolerance: no lease would last that long",
  ],
  [
    "no members",
    "legion-max-members = one 0",
    "3: legion-max-members: right would be a whole number from 1",
  ],
  [
    "an unknown way to authenticate, secret and all",
    "legion-auth = one md5:secret",
    "3: legion-auth: right would be legion-auth = NAME hmac-sha256:SECRET",
  ],
  [
    "no secret",
    "legion-auth = one hmac-sha256:",
    "3: legion-auth: right would be legion-auth = NAME hmac-sha256:SECRET",
  ],
];
for (const [what, more, problem] of wrongLease) {
  Deno.test(`an option of the lease is refused: ${what}`, () => {
    assertEquals(problemsOf(text + more), [`f.ini:${problem}`]);
  });
}

Deno.test("a release may take half of the tolerance, or no time", () => {
  const releaseMs = (seconds: string) => one(`legion-release-time = one ${seconds}`).releaseMs;
  assertEquals(["7.5", "0"].map(releaseMs), [7_500, 0]);
});

Deno.test("a group has a lease only where its nodes are listed", () => {
  const group = "[uwsgi]\nlegion-mcast = one 225.1.1.1:1 98 bf-cbc:hello\nlegion-quorum = one 2\n" +
    "legion-lease = one on\n";
  assertEquals(problemsOf(group), [
    "f.ini:2: legion-mcast: legion-lease is on, and without a legion-node line for each node there " +
    "can be no lease",
  ]);
  const nodes = ["10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"];
  assertEquals(
    problemsOf(group + nodes.map((node) => `legion-node = one ${node}\n`).join("")),
    [],
  );
});

Deno.test("legion-address is the address by which the others list this node", () => {
  const { ownAddress, voters, node } = one(
    "legion-node = one 1.1.1.1:2000\nlegion-address = one 4.4.4.4:2000",
  );
  assertEquals(ownAddress, { host: "4.4.4.4", port: 2000 });
  assertEquals([voters, node], [["1.1.1.1:2000", "4.4.4.4:2000"], "4.4.4.4:2000"]);
  for (const wrong of [":2000", "0.0.0.0:2000", "225.1.1.1:2000", "255.255.255.255:2000"]) {
    assertEquals(problemsOf(`${text}legion-address = one ${wrong}`), [
      "f.ini:3: legion-address: right would be the address by which the others list this node",
    ]);
  }
  assertEquals(problemsOf(`${text}legion-address = one [fd09::1]:2000`), [
    "f.ini:3: legion-address: a node and the legion's own address must both be IPv4 or both IPv6",
  ]);
});

const two = "legion-node = one 127.0.0.1:2\nlegion-quorum = one 2";

const unwise: [what: string, more: string, warning: string | undefined][] = [
  ["a lone node needs no quorum", "", undefined],
  [
    "no quorum",
    "legion-node = one 127.0.0.1:2",
    "without legion-quorum each of two halves may have a lord: legion-quorum = one 2",
  ],
  [
    "half of the nodes as quorum",
    "legion-node = one 127.0.0.1:2\nlegion-quorum = one 1",
    "legion-quorum is 1, at most half of its 2 nodes: each of two halves may have a lord: " +
    "legion-quorum = one 2",
  ],
  ["a majority", "legion-node = one 127.0.0.1:2\nlegion-quorum = one 2", undefined],
  [
    "a tolerance that a lost datagram or two use up",
    "legion-freq = 2\nlegion-tolerance = 5.9",
    "legion-tolerance is 5.9 s, less than three times legion-freq: a lost datagram or two may cost " +
    "a lord its title",
  ],
  [
    "a check that asks who leads, and a failed hook that leaves the title to nobody",
    "legion-check = one cmd=true,name=pg,leader=1\nlegion-death-on-lord-error = 300",
    "where a lord hook fails, legion-death-on-lord-error leaves nobody for 300 s, since the check pg " +
    "lets nobody else be lord (leader=1): right would be to leave it out",
  ],
  [
    "a check that asks who leads",
    "legion-check = one cmd=true,leader=1",
    undefined,
  ],
  [
    "a quorum that so many nodes never make",
    "legion-node = one 127.0.0.1:2\nlegion-quorum = one 3",
    "legion-quorum is 3, and it has 2 nodes: there is never a lord: legion-quorum = one 2, or the " +
    "legion-node lines that are missing",
  ],
  [
    "a quorum above one for a lone node",
    "legion-quorum = one 2",
    "legion-quorum is 2, and it has 1 node: there is never a lord: legion-quorum = one 1, or the " +
    "legion-node lines that are missing",
  ],
  ["a failback at a node that may be lord", `legion-failback = one manual\n${two}`, undefined],
  [
    "a failback with nobody to take the title back from",
    "legion-failback = one delay 60",
    "legion-failback does nothing at a lone node",
  ],
  ["a tolerance of three periods", "legion-freq = 2\nlegion-tolerance = 6", undefined],
];
for (const [what, more, warning] of unwise) {
  Deno.test(`unwise or not: ${what}`, () => {
    const expected = warning === undefined ? [] : [`f.ini:2: legion one: ${warning}`];
    assertEquals(read(text + more).warnings, expected);
  });
}

/** The warnings of a legion `one` with this line of its own, without their place. */
function warningsOf(own: string, more = ""): string[] {
  const { warnings } = read(`[uwsgi]\n${own} bf-cbc:hello\n${more}`);
  return warnings.map((warning) => warning.replace(/^f.ini:2: legion one: /, ""));
}

Deno.test("a legion without listed nodes is told of them, and not of legion-lease = on", () => {
  const unlisted =
    "its nodes are not listed, so there is no lease, and two may be lord at one instant: right " +
    "would be a legion-node line for each node, this one too";
  const quorum = "legion-quorum = one 2\n";
  const listed = ["10.0.0.1:7", "10.0.0.2:7", "10.0.0.3:7"]
    .map((node) => `legion-node = one ${node}\n`).join("");
  for (const own of ["legion-mcast = one 225.1.1.1:7 98", "legion = one :7 98"]) {
    assertEquals(warningsOf(own, quorum), [unlisted]);
    assertEquals(warningsOf(own), [
      "without legion-quorum each of two halves may have a lord",
      unlisted,
    ]);
    assertEquals(warningsOf(own, `${quorum}legion-lease = one off`), []);
    assertEquals(warningsOf(own, quorum + listed), []);
  }
});

Deno.test("a node that is not known among those listed is told so", () => {
  const others = ["10.0.0.2:7", "10.0.0.3:7"].map((node) => `legion-node = one ${node}\n`).join("");
  const quorum = "legion-quorum = one 2\n";
  const unknown =
    "which of the listed nodes is this one is not known (yet), since not exactly one of them is on " +
    "this machine; until it is, this node votes for nobody: legion-address = one HOST:PORT";
  assertEquals(warningsOf("legion = one :7 98", quorum + others), [unknown]);
  // Three may be a majority of the two and this one; four never are.
  const right = "legion-quorum = one 2, or the legion-node lines that are missing";
  assertEquals(warningsOf("legion = one :7 98", `legion-quorum = one 3\n${others}`), [unknown]);
  assertEquals(warningsOf("legion = one :7 98", `legion-quorum = one 4\n${others}`), [
    `legion-quorum is 4, and it has 2 nodes: there is never a lord: ${right}`,
    unknown,
  ]);
  // At boot, say: an error would keep the node from ever starting.
  assertEquals(warningsOf("legion = one :7 98", `${quorum}${others}legion-lease = one on\n`), [
    unknown,
  ]);
  assertEquals(warningsOf("legion = one :7 98", `${quorum}${others}legion-lease = one off\n`), []);
  const known = `${quorum}${others}legion-address = one 4.4.4.4:7\n`;
  assertEquals(warningsOf("legion = one :7 98", known), []);
});

Deno.test("three nodes whose own addresses are written in other ways are three", () => {
  const nodes = [1, 2, 3].map((n) => `legion-node = one [FD09:0:0:0:0:0:0:${n}]:2000\n`).join("");
  const more = `legion-quorum = one 2\nlegion-lease = one on\n${nodes}`;
  assertEquals(warningsOf("legion = one [fd09::1]:2000 9", more), []);
  const { legions: [{ voters }] } = read(
    `[uwsgi]\nlegion = one [::]:2000 9 bf-cbc:hello\n${more}`,
  );
  assertEquals(voters.length, 3);
});

Deno.test("a valor that uWSGI cannot keep is told where uWSGI nodes may be members", () => {
  const of = (valor: number, more = "") => warningsOf(`legion = one 127.0.0.1:1 ${valor}`, more);
  const tooHigh =
    "the valor 65537 is above 65535: uWSGI nodes take it for 1, and never agree with " +
    "this one";
  assertEquals([of(65_535), of(65_537)], [[], [tooHigh]]);
  assertEquals(of(65_537, "legion-auth = one hmac-sha256:x"), []);
  assertEquals(of(65_537, "legion-quorum = one 1\nlegion-lease = one on"), []);
});

Deno.test("an arbiter is told that a failback does nothing for it", () => {
  assertEquals(warningsOf("legion = one 127.0.0.1:1 0", `${two}\nlegion-failback = one manual`), [
    "legion-failback does nothing at an arbiter, which takes no title: it is for the nodes that " +
    "return, those of the higher valors",
  ]);
  assertEquals(warningsOf("legion = one 127.0.0.1:1 0", two), []);
});

Deno.test("a file that all may read is told, by the name it has in the configuration", () => {
  files["/public/password"] = "a secret";
  const { warnings } = read(`${text}secret = @(/secret)\npassword = @(/public/password)`);
  assertEquals(warnings, [
    "@(/public/password): all users of this machine may read it; if it holds a secret: chmod o= FILE",
  ]);
});

const robotHook = "legion-lord = one hetzner-failoverip:user=u,ip=4.4.4.4,active_ip=1.1.1.1";
const hookOf = (text: string) => {
  const { legions: [{ hooks: [hook] }], warnings } = read(text);
  return { settings: hook.action.settings, warnings };
};

Deno.test("a file that is the whole value of a key is a secret's, and literal", () => {
  files["/comma"] = "a,b\\c=d\nsecond line\n";
  const passwordOf = (more: string, before = "") => {
    const { settings, warnings } = hookOf(`${text}${before}${robotHook}${more}`);
    return [(settings as { password: string }).password, warnings.length];
  };
  assertEquals(passwordOf(",password=@(/comma)"), ["a,b\\c=d", 0]);
  assertEquals(passwordOf(",pass=@(/comma),timeout=9"), ["a,b\\c=d", 0]);
  assertEquals(passwordOf(",password=%(pw)", "pw = @(/comma)\n"), ["a,b\\c=d", 0]);
  assertEquals(passwordOf(",password_file=/comma"), ["a,b\\c=d", 0]);
  // Elsewhere it is text of the list, as in uWSGI.
  files["/list"] = "password=a\\,b,timeout=9";
  assertEquals(passwordOf(",@(/list)"), ["a,b", 0]);
  files["/half"] = "a\\,b";
  assertEquals(passwordOf(",password=x@(/half)"), ["xa,b", 0]);
});

Deno.test("a password's file written for its earlier meaning is told, without the password", () => {
  files["/escaped"] = "HIDDEN\\,b\n";
  const { settings, warnings } = hookOf(`${text}${robotHook},password=@(/escaped)`);
  assertEquals((settings as { password: string }).password, "HIDDEN\\,b");
  assertEquals(warnings, [
    'f.ini:3: legion-lord: @(/escaped): its first line is taken literally, and has a backslash before a "," ' +
    'or "\\"; where that was to escape the next character, take it out',
  ]);
  assertEquals(hookOf(`${text}${robotHook},password_file=/escaped`).warnings, []);
});

Deno.test("a secret's file that is empty or public is told", () => {
  files["/empty"] = "\n";
  files["/public/pw"] = "p\n";
  const empty = `${text}${robotHook},password`;
  assertEquals(problemsOf(`${empty}=@(/empty)`), [
    "f.ini:3: legion-lord: @(/empty): its first line is empty",
  ]);
  assertEquals(problemsOf(`${empty}_file=/empty`), [
    "f.ini:3: legion-lord: hetzner-failoverip: password_file: its first line is empty",
  ]);
  assertEquals(hookOf(`${empty}_file=/public/pw`).warnings, [
    "/public/pw: all users of this machine may read it; if it holds a secret: chmod o= FILE",
  ]);
});

Deno.test("a check's command has the shell's own $(…), as a hook's has", () => {
  const check = "legion-check = one cmd=test $(date +%%S) -lt 60,name=clock";
  const command = "test $(date +%S) -lt 60";
  assertEquals(one(check).checks[0].probe, {
    kind: "cmd",
    command,
    written: command,
  });
  assertEquals(problemsOf(`${text}legion-check = one http=http://$(NOT_SET)/`), [
    "f.ini:3: legion-check: $(NOT_SET): this environment variable is not set",
  ]);
});
