// The answers that come from tools of the system, by what these say.
import { assertEquals, assertMatch } from "@std/assert";
import { hiddenAnswers, mayRead } from "../../../lib/cli/doctor/service_user.ts";
import { answerLines, asciiSigns, takesUtf8 } from "../../../lib/cli/doctor/shown.ts";
import { note, ok, wrong } from "../../../lib/cli/doctor/answer.ts";
import { paceAnswers, timeAnswers } from "../../../lib/cli/doctor/time.ts";
import { type AskTool, toolsHere } from "../../../lib/cli/doctor/tool.ts";
import { unitAnswers, unitHere } from "../../../lib/cli/doctor/unit.ts";
import { unit } from "../../../lib/cli/systemd.ts";
import { legionStats, memberStats } from "../../status/stats.ts";

/** Tools that say these texts; those that are not named are missing. */
function tools(said: Record<string, string>): AskTool {
  return (command) => {
    const out = said[command];
    return Promise.resolve(
      out === undefined ? { kind: "missing" } : { kind: "said", success: out !== "", out, err: "" },
    );
  };
}

const times: [what: string, said: Record<string, string>, answer: string][] = [
  ["yes", { timedatectl: "NTP=yes\nNTPSynchronized=yes\n" }, "ok"],
  ["not yet", { timedatectl: "NTP=yes\nNTPSynchronized=no\n" }, "note timedatectl timesync-status"],
  ["not at all", { timedatectl: "NTP=no\nNTPSynchronized=no\n" }, "note timedatectl set-ntp true"],
  ["by chrony", { timedatectl: "", chronyc: "Leap status     : Normal\n" }, "ok"],
  ["not by chrony", { chronyc: "Leap status     : Not synchronised\n" }, "note chronyc -n sources"],
  ["not known", { timedatectl: "", chronyc: "506 Cannot talk to daemon\n" }, "note"],
];

for (const [what, said, expected] of times) {
  Deno.test(`is the clock synchronised? ${what}`, async () => {
    const [{ sign, remedy }, ...more] = await timeAnswers(tools(said));
    assertEquals([`${sign} ${remedy}`.trim(), more], [expected, []]);
  });
}

Deno.test("clocks at another pace are told from 1 % on", () => {
  const members = [0, 0.9, 1, -12].map((clock_pace_percent, index) => {
    return memberStats({ name: "abcd"[index], clock_pace_percent });
  });
  assertEquals(
    paceAnswers({ legions: [legionStats({ members })] }).map(({ sign, why }) => [sign, why]),
    [
      [
        "wrong",
        "the clock of c runs at least 1 % faster than this server's: from 10 % on two may be lord at " +
        "once",
      ],
      [
        "wrong",
        "the clock of d runs at least 12 % slower than this server's: two may be lord at once",
      ],
    ],
  );
});

const path = "/etc/systemd/system/failover.service";
const loaded =
  `LoadState=loaded\nFragmentPath=${path}\nUnitFileState=enabled\nNeedDaemonReload=no\n`;

const units: [what: string, said: Record<string, string>, text: string | undefined, string[]][] = [
  ["there is no systemd", {}, undefined, ["note"]],
  ["systemd does not run", { systemctl: "" }, undefined, ["note"]],
  ["there is none", { systemctl: "LoadState=not-found\n" }, undefined, [
    `note failover systemd > ${path} && systemctl daemon-reload`,
  ]],
  ["it is masked", { systemctl: "LoadState=masked\n" }, undefined, [
    "wrong systemctl unmask failover",
  ]],
  ["it is broken", { systemctl: `LoadState=bad-setting\nFragmentPath=${path}\n` }, undefined, [
    `wrong systemd-analyze verify ${path}`,
  ]],
  ["all is well", { systemctl: loaded }, unit, ["ok"]],
  ["it is another", { systemctl: loaded }, `${unit}#`, [
    `note failover systemd > ${path} && systemctl daemon-reload`,
  ]],
  ["it cannot be read", { systemctl: loaded }, undefined, ["note"]],
  ["it is not enabled", { systemctl: loaded.replace("enabled", "disabled") }, unit, [
    "wrong systemctl enable failover",
  ]],
  ["it was not read anew", { systemctl: loaded.replace("Reload=no", "Reload=yes") }, unit, [
    "wrong systemctl daemon-reload",
  ]],
];

for (const [what, said, text, expected] of units) {
  Deno.test(`the unit: ${what}`, async () => {
    const answers = unitAnswers(await unitHere(tools(said), false), () => text);
    assertEquals(answers.map(({ sign, remedy }) => `${sign} ${remedy}`.trim()), expected);
  });
}

const rights: [what: string, facts: string, lacking: string | undefined][] = [
  ["none", "AmbientCapabilities=\nUser=failover\n", "CAP_NET_ADMIN and CAP_NET_RAW"],
  ["one", "AmbientCapabilities=cap_net_admin cap_chown\nUser=failover\n", "CAP_NET_RAW"],
  ["both", "AmbientCapabilities=cap_net_admin cap_net_raw\nUser=failover\n", undefined],
  ["root's", "CapabilityBoundingSet=cap_net_admin cap_net_raw\nUser=root\n", undefined],
  ["those of root with bounds", "CapabilityBoundingSet=cap_net_raw\nUser=\n", "CAP_NET_ADMIN"],
  ["not known", "", undefined],
];

for (const [what, facts, lacking] of rights) {
  Deno.test(`the rights of the unit for address: ${what}`, async () => {
    const found = await unitHere(tools({ systemctl: `${loaded}${facts}` }), false);
    const [{ sign, why, remedy }] = unitAnswers(found, () => unit, true);
    if (lacking === undefined) return assertEquals(sign, "ok");
    assertEquals([sign, why], ["wrong", `for address: its user has no ${lacking}`]);
    assertMatch(remedy, /failover systemd --address > \S+address.conf && systemctl daemon-reload/);
    assertEquals(unitAnswers(found, () => unit).map(({ sign }) => sign), ["ok"]);
  });
}

Deno.test("the unit where systemd runs and does not answer is not known", async () => {
  const [{ sign, why }] = unitAnswers(await unitHere(tools({}), true), () => unit);
  assertEquals([sign, why], ["note", "not known: systemctl does not answer"]);
});

const user = { uid: 100, gids: [100, 101] };
const open = { uid: 0, gid: 0, mode: 0o755 };

const modes: [
  what: string,
  file: { uid: number; gid: number; mode: number },
  folder: number,
  may: boolean,
][] = [
  ["all may read it", { uid: 0, gid: 0, mode: 0o644 }, 0o755, true],
  ["its group may", { uid: 0, gid: 101, mode: 0o640 }, 0o755, true],
  ["its owner may", { uid: 100, gid: 0, mode: 0o400 }, 0o755, true],
  ["the group of others may", { uid: 0, gid: 7, mode: 0o640 }, 0o755, false],
  ["all but its group may", { uid: 0, gid: 101, mode: 0o604 }, 0o755, false],
  ["a folder on the way is closed", { uid: 0, gid: 0, mode: 0o644 }, 0o700, false],
];

for (const [what, file, mode, may] of modes) {
  Deno.test(`whether a user may read a file by its mode: ${what}`, () => {
    assertEquals(mayRead(user, [open, { ...open, mode }, file]), may);
    assertEquals(mayRead({ uid: 0, gids: [0] }, [open, { ...open, mode }, file]), true);
  });
}

Deno.test("files that a unit hides from its service", () => {
  const files = ["/etc/failover.ini", "/root/secret", "/home/eve/a b", "/tmp/x", "/var/tmp/y"];
  const hidden = (unit: Record<string, string>) =>
    hiddenAnswers(files, unit).map(({ why, remedy }) => [why, remedy]);
  assertEquals(hidden({}), []);
  assertEquals(hidden({ ProtectHome: "no", PrivateTmp: "no" }), []);
  assertEquals(hidden({ ProtectHome: "tmpfs", PrivateTmp: "no" }), [
    ["the unit hides /root/secret from the node (ProtectHome=tmpfs)", "mv /root/secret /etc/"],
    ["the unit hides /home/eve/a b from the node (ProtectHome=tmpfs)", "mv '/home/eve/a b' /etc/"],
  ]);
  assertEquals(hidden({ PrivateTmp: "yes" }).map(([why]) => why), [
    "the unit hides /tmp/x from the node (PrivateTmp=yes)",
    "the unit hides /var/tmp/y from the node (PrivateTmp=yes)",
  ]);
});

Deno.test("a tool that is missing, fails, says too much, or hangs", async () => {
  const ask = toolsHere(10_000);
  assertEquals((await ask("no-such-tool-here")).kind, "missing");
  const failed = await ask("sh", "-c", "echo out; echo err >&2; exit 3");
  assertEquals(failed, { kind: "said", success: false, out: "out\n", err: "err\n" });
  const much = await ask("head", "-c", "3000000", "/dev/zero");
  assertEquals(much.kind === "said" && much.out.length < 1_000_000, true);
  assertEquals(await toolsHere(50)("sleep", "100"), { kind: "late" });
});

Deno.test("each answer is a line, its command below it, and nothing of it moves the cursor", () => {
  const style = { signs: asciiSigns, paint: (_: string, text: string) => text, width: Infinity };
  const answers = [
    ok("a", "is\u001b[2J well"),
    note("b", "is noted", { topic: "install" }),
    wrong("c", "is wrong", { remedy: "mend\nit" }),
  ];
  assertEquals(
    answerLines(answers, style),
    "+ a: is\\u001b[2J well\n! b: is noted (failover help install)\nx c: is wrong\n" +
      "    mend\\u000ait\n\n3 answers: 1 wrong, 1 to note\n",
  );
  assertEquals(answerLines([ok("a", "b")], style), "+ a: b\n\n1 answers: none wrong\n");
  const remedy = "a command that is copied whole";
  assertEquals(
    answerLines([wrong("a", "is broken between words", { remedy })], { ...style, width: 20 }),
    `x a: is broken\n  between words\n    ${remedy}\n\n1 answers: 1 wrong\n`,
  );
});

Deno.test("signs beyond ASCII only where the locale takes UTF-8", () => {
  const takes = (env: Record<string, string>) => takesUtf8((name) => env[name]);
  assertEquals(takes({ LANG: "de_DE.UTF-8" }), true);
  assertEquals(takes({ LC_ALL: "C", LANG: "de_DE.UTF-8" }), false);
  assertEquals(takes({ LC_ALL: "", LC_CTYPE: "C.utf8" }), true);
  assertEquals(takes({}), false);
});
