import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Invalid } from "../../lib/base/invalid.ts";
import { HookError, type UpheldSight } from "../../lib/hooks/action.ts";
import { address } from "../../lib/hooks/address.ts";
import { HeldAddress } from "../../lib/hooks/held_address.ts";
import { deviceOf, otherPrefix } from "../../lib/hooks/_on_device.ts";
import { missingTool } from "../../lib/hooks/_tool.ts";
import { missing } from "../lab/missing.ts";

const secretIn = (): string => {
  throw new Error("no secret is read");
};
const read = (argument: string) => address.read(argument, argument, secretIn);

/** A device with two addresses of its own, as `ip -json` tells it. */
const device = JSON.stringify([{
  ifname: "lan",
  flags: ["BROADCAST", "UP"],
  address: "02:00:00:00:00:01",
  addr_info: [
    { family: "inet", local: "10.0.0.1", prefixlen: 24 },
    { family: "inet6", local: "fd00::1", prefixlen: 64 },
  ],
}]);

/** The device with more addresses, and other fields. */
function withAddresses(
  more: Iterable<[unknown, [string, number]]>,
  changed: Record<string, unknown> = {},
): string {
  const [of] = JSON.parse(device);
  const added = [...more].map(([, [local, prefixlen]]) => ({
    family: local.includes(":") ? "inet6" : "inet",
    local,
    prefixlen,
  }));
  return JSON.stringify([{ ...of, addr_info: [...of.addr_info, ...added], ...changed }]);
}

/** An address whose commands are taken down; time passes only in its waits. */
function held(
  argument: string,
  answer: (line: string) => string = () => "",
  by: "ndptool" | "na6" = "ndptool",
  others: readonly string[] = [],
) {
  const lines: string[] = [];
  const log: string[] = [];
  const sights: string[] = [];
  const added = new Map<string, [string, number]>();
  let nowMs = 0;
  const over = new AbortController();
  const thing = new HeldAddress(read(argument), {
    run(program, args) {
      if (program === "cat" && args[0] === "/proc/uptime") return Promise.resolve("100.00 1.0\n");
      const words = [program, ...args];
      // A program that has to begin in time is run by a shell, which looks at the clock before.
      const line = (program === "sh" ? words.slice(5) : words).join(" ");
      const said = answer(line);
      if (line.startsWith("ip -json")) return Promise.resolve(said || withAddresses(added));
      lines.push(line);
      const [, word, local, bits] = /^ip address (replace|del) (\S+)\/(\S+)/.exec(line) ?? [];
      if (word === "replace") added.set(`${local}/${bits}`, [local, Number(bits)]);
      if (word === "del") added.delete(`${local}/${bits}`);
      return Promise.resolve(said);
    },
    pause(ms) {
      nowMs += ms;
      return Promise.resolve();
    },
    wait: () => Promise.resolve(),
    now: () => nowMs,
    by: () => by,
    ownMacs: () => ["02:00:00:00:00:01", "02:00:00:00:00:02"],
    others: () => others,
  });
  const means = (leaseMs: () => number) => ({
    signal: over.signal,
    leaseMs,
    log: (level: string, line: string) => {
      log.push(`${level} ${line}`);
    },
    seen({ isHere, other, problems }: UpheldSight) {
      const sight = [isHere ? "here" : "not here", other, ...problems].join("; ");
      if (sights.at(-1) !== sight) sights.push(sight);
    },
  });
  return { thing, lines, log, sights, added, means, over, nowMs: () => nowMs };
}

Deno.test("address: reads its keys, addresses in their normal form", () => {
  assertEquals(read("ip=FD00:0::100/64,dev=enp1s0.4000,repeat=2.5"), {
    ip: "fd00::100",
    prefix: 64,
    dev: "enp1s0.4000",
    repeatMs: 2_500,
  });
  assertEquals(read("ip=10.0.0.100/24,dev=lan").repeatMs, 10_000);
  assertEquals(address.describe(read("ip=10.0.0.100/24,dev=lan")), [
    "address: have 10.0.0.100/24 on lan, and tell the neighbours every 10 s",
  ]);
});

const wrong = [
  "dev=lan",
  "ip=10.0.0.100/24",
  "ip=10.0.0.100,dev=lan",
  "ip=10.0.0.100/33,dev=lan",
  "ip=10.0.0.100/0,dev=lan",
  "ip=fd00::1/129,dev=lan",
  "ip=10.0.0/24,dev=lan",
  "ip=::ffff:10.0.0.1/64,dev=lan",
  "ip=127.0.0.1/8,dev=lan",
  "ip=224.0.0.1/24,dev=lan",
  "ip=0.0.0.0/24,dev=lan",
  "ip=10.0.0.100/24,dev=-force",
  "ip=10.0.0.100/24,dev=lan;reboot",
  "ip=10.0.0.100/24,dev=a/b",
  "ip=10.0.0.100/24,dev=a234567890123456",
  "ip=10.0.0.100/24,dev=lan,repeat=0.5",
  "ip=10.0.0.100/24,dev=lan,repeat=x",
  "ip=10.0.0.100/24,dev=lan,valid_lft=forever",
];

for (const argument of wrong) {
  Deno.test(`address: refuses ${argument}`, () => {
    assertThrows(() => read(argument), Invalid);
  });
}

Deno.test("HeldAddress: the kernel has the address for no longer than the lease lasts", async () => {
  const { thing, lines, log, means } = held("ip=10.0.0.100/24,dev=lan");
  for (const leaseMs of [1_300, 2_850, 14_250, Infinity]) {
    const before = lines.length;
    await thing.have(means(() => leaseMs));
    const [, seconds] = /valid_lft (\d+)/.exec(lines[before])!;
    assert(Number(seconds) * 1000 < leaseMs, lines[before]);
    assert(Number(seconds) >= 1, lines[before]);
  }
  assertEquals(
    lines[1],
    "ip address replace 10.0.0.100/24 dev lan valid_lft 2 preferred_lft 2",
  );
  const [first, second] = log;
  assertEquals([first, second], [
    "info 10.0.0.100/24 on lan: added",
    "info 10.0.0.100/24 on lan: kept",
  ]);
});

Deno.test("HeldAddress: an IPv6 address comes at once, and leaves the route of the net", async () => {
  const own = held("ip=fd00::100/64,dev=lan");
  await own.thing.have(own.means(() => 5_000));
  assertEquals(own.lines, [
    "ip address replace fd00::100/64 dev lan nodad noprefixroute valid_lft 4 preferred_lft 0",
  ]);
  const other = held("ip=fd01::100/64,dev=lan");
  await other.thing.have(other.means(() => 5_000));
  assertEquals(other.lines, [
    "ip address replace fd01::100/64 dev lan nodad valid_lft 4 preferred_lft 0",
  ]);
});

Deno.test("HeldAddress: without a lease nothing is added, and nobody is told", async () => {
  const { thing, lines, means, over, nowMs } = held("ip=10.0.0.100/24,dev=lan");
  const leaseMs = () => {
    if (nowMs() > 5_000) over.abort(new Error("lost"));
    return 0;
  };
  await assertRejects(() => thing.have(means(leaseMs)), Error, "lost");
  await thing.keep(means(leaseMs));
  assertEquals(lines, []);
});

Deno.test("HeldAddress: while kept it is renewed in time, and the neighbours are told again", async () => {
  const { thing, lines, log, means, over, nowMs } = held("ip=10.0.0.100/24,dev=lan,repeat=5");
  const renewed: number[] = [];
  let count = 0;
  await thing.keep(means(() => {
    const now = lines.filter((line) => /replace/.test(line)).length;
    if (now > count) renewed.push(nowMs());
    count = now;
    if (nowMs() > 12_000) over.abort();
    // A lease that each second is renewed for 3 s.
    return 2_850 - nowMs() % 1_000;
  }));
  const gaps = renewed.slice(1).map((atMs, index) => atMs - renewed[index]);
  assert(gaps.length > 8 && Math.max(...gaps) < 2_000, `${gaps}`);
  const told = lines.filter((line) => line.startsWith("arping -U"));
  assertEquals(told[0], "arping -U -q -c 1 -w 1 -I lan 10.0.0.100");
  assertEquals(told.length, 4);
  assertEquals(lines.filter((line) => line.startsWith("arping -A")).length, told.length);
  assertEquals(lines.filter((line) => line.startsWith("arping -D")).length, 3);
  assertEquals(log, []);
});

const advertisements = {
  ndptool: "ndptool -t na -U -i lan -T fd00::100 send",
  na6: "na6 -i lan -s fd00::100 -d ff02::1 -t fd00::100 -o -E 02:00:00:00:00:01",
};

for (const by of ["ndptool", "na6"] as const) {
  Deno.test(`HeldAddress: neighbours of IPv6 are told by an advertisement of ${by}`, async () => {
    const { thing, lines, means, over, nowMs } = held("ip=fd00::100/64,dev=lan", undefined, by);
    await thing.keep(means(() => {
      if (nowMs() > 900) over.abort();
      return 5_000;
    }));
    assertEquals(lines.filter((line) => !line.startsWith("ip ")), [advertisements[by]]);
  });
}

/** Keeps an address for a while, with answers that may depend on the time. */
async function kept(
  argument: string,
  answer: (line: string, nowMs: number, added: Map<string, unknown>) => string | undefined,
  { forMs = 4_000, others = [] as readonly string[] } = {},
) {
  const tell = (line: string): string => answer(line, made.nowMs(), made.added) ?? "";
  const made = held(argument, tell, "ndptool", others);
  await made.thing.keep(made.means(() => {
    if (made.nowMs() > forMs) made.over.abort();
    return 5_000;
  }));
  return made;
}

const deviceWith = (ip: string, prefix: number, changed?: Record<string, unknown>) =>
  withAddresses([[0, [ip, prefix]]], changed);

const noLan = 'ip ended with exit status 1: Device "lan" does not exist.';

Deno.test("HeldAddress: a device that comes later, or anew, has the address then", async () => {
  const isGone = (nowMs: number) => nowMs < 3_000 || nowMs > 9_000 && nowMs < 13_000;
  const { sights, log, lines } = await kept("ip=10.0.0.100/24,dev=lan", (_, nowMs, added) => {
    if (!isGone(nowMs)) return undefined;
    added.clear();
    throw new HookError(noLan);
  }, { forMs: 13_800 });
  const gone = "not here; ; there is no network device lan on this machine";
  assertEquals(sights, [gone, "here; ", gone, "here; "]);
  assertEquals(log, []);
  // The neighbours are told twice, and at once when the device is there anew.
  assertEquals(lines.filter((line) => line.startsWith("arping -U")).length, 3);
});

Deno.test("HeldAddress: an address that something else has removed is put back, and that is told", async () => {
  let isRemoved = false;
  const { log, lines } = await kept("ip=10.0.0.100/24,dev=lan", (_, nowMs, added) => {
    if (nowMs > 2_000 && !isRemoved) added.clear();
    isRemoved ||= nowMs > 2_000;
    return undefined;
  });
  assertEquals(log, [
    "warn 10.0.0.100/24 on lan: it was removed by something else, and is put back",
  ]);
  assertEquals(lines.filter((line) => line.startsWith("arping -U")).length, 4);
});

Deno.test("HeldAddress: another machine that answers is told of, until it no longer does", async () => {
  const reply = (mac: string) => `Unicast reply from 10.0.0.100 [${mac}]  0.527ms\n`;
  const { sights } = await kept("ip=10.0.0.100/24,dev=lan,repeat=1", (line, nowMs) => {
    if (!line.startsWith("arping -D")) return undefined;
    // The answer of another device of this machine, on the same network.
    return reply("02:00:00:00:00:02") + (nowMs < 3_000 ? reply("E2:62:48:44:4E:57") : "");
  });
  const mac = "e2:62:48:44:4e:57";
  assertEquals(sights, [
    "here; ",
    `here; ${mac}; another machine answers for it too: ${mac}`,
    "here; ",
  ]);
});

Deno.test("HeldAddress: who has the address can be asked before", async () => {
  const { thing, lines } = held("ip=10.0.0.100/24,dev=lan", (line) => {
    return line.startsWith("arping") ? "Unicast reply from 10.0.0.100 [E2:62:48:44:4E:57]\n" : "";
  });
  assertEquals((await thing.look(false)).other, undefined);
  assertEquals(lines.filter((line) => line.startsWith("arping")), []);
  assertEquals((await thing.look(true)).other, "e2:62:48:44:4e:57");
});

Deno.test("HeldAddress: an arping that fails is no other machine", async () => {
  const { sights } = await kept("ip=10.0.0.100/24,dev=lan,repeat=1", (line) => {
    if (line.startsWith("arping -D")) throw new HookError("arping ended with exit status 2: no");
    return undefined;
  });
  const mute = "the neighbours are not told of it: arping ended with exit status 2: no";
  assertEquals(sights, ["here; ", `here; ; ${mute}`]);
});

Deno.test("HeldAddress: another machine is known by its advertisement, too", async () => {
  let senders = ["fe80::1", "fd00::7"];
  const answer = (line: string, nowMs: number) => {
    if (nowMs > 3_000) senders = ["fd00::0100"];
    if (!line.startsWith("timeout")) return undefined;
    return senders.map((from) => `NDP payload len 32, from addr: ${from}, iface: lan\n  Type: NA\n`)
      .join("");
  };
  const { sights, lines } = await kept("ip=fd00::100/64,dev=lan,repeat=1", answer);
  const doubled = "another machine answers for it too: another-machine";
  assertEquals(sights, ["here; ", `here; another-machine; ${doubled}`]);
  assert(lines.includes("timeout 1 ndptool -t na -i lan monitor"));
  assert(lines.includes("ndptool -t ns -i lan -T fd00::100 send"));
});

const flaws: [what: string, changed: Record<string, unknown>, problem: string][] = [
  ["is down", { flags: ["BROADCAST"] }, "the device lan is down"],
  ["has no link", { flags: ["NO-CARRIER", "UP"] }, "the device lan has no link"],
];

for (const [what, changed, problem] of flaws) {
  Deno.test(`HeldAddress: a device that ${what}`, async () => {
    const json = deviceWith("10.0.0.100", 24, changed);
    const answer = (line: string) => line.startsWith("ip -json") ? json : "";
    assertEquals(await held("ip=10.0.0.100/24,dev=lan", answer).thing.look(false), {
      isHere: true,
      problems: [problem],
    });
    assertEquals((await kept("ip=10.0.0.100/24,dev=lan", answer)).sights, [`here; ; ${problem}`]);
  });
}

Deno.test("HeldAddress: the address on another device of the machine is told of", async () => {
  const problem = "10.0.0.100 is on lo, too, so this machine answers for it whoever is lord: " +
    "right would be to remove it there";
  const { thing } = held("ip=10.0.0.100/24,dev=lan", undefined, "ndptool", ["lo"]);
  assertEquals(await thing.look(false), { isHere: false, problems: [problem] });
  const { sights } = await kept("ip=10.0.0.100/24,dev=lan", () => undefined, { others: ["lo"] });
  assertEquals(sights, [`here; ; ${problem}`]);
});

const reasons: [what: string, ip: string, said: string, problem: string][] = [
  [
    "no rights",
    "10.0.0.100/24",
    "RTNETLINK answers: Operation not permitted",
    "this node has no CAP_NET_ADMIN: right would be the drop-in of failover systemd --address",
  ],
  [
    "no IPv6",
    "fd00::100/64",
    "RTNETLINK answers: Permission denied",
    "IPv6 is off on lan: right would be sysctl -w net.ipv6.conf.lan.disable_ipv6=0",
  ],
];

for (const [what, ip, said, problem] of reasons) {
  Deno.test(`HeldAddress: where it cannot be had, the reason says what would be right: ${what}`, async () => {
    const answer = (line: string) => {
      if (line.startsWith("ip address replace")) throw new HookError(said);
      return "";
    };
    const made = held(`ip=${ip},dev=lan`, answer);
    await assertRejects(() => made.thing.have(made.means(() => 5_000)), HookError, problem);
    assertEquals((await kept(`ip=${ip},dev=lan`, answer)).sights, [`not here; ; ${problem}`]);
  });
}

Deno.test("HeldAddress: rights that are missing are told before", async () => {
  const look = (capEff: string) =>
    held("ip=10.0.0.100/24,dev=lan", (line) => line.startsWith("cat") ? `CapEff:\t${capEff}\n` : "")
      .thing.look(false);
  const right = "right would be the drop-in of failover systemd --address";
  assertEquals((await look("0000000000000000")).problems, [
    `this node has no CAP_NET_ADMIN and CAP_NET_RAW: ${right}`,
  ]);
  assertEquals((await look("0000000000001000")).problems, [
    `this node has no CAP_NET_RAW: ${right}`,
  ]);
  assertEquals((await look("000001ffffffffff")).problems, []);
});

Deno.test("HeldAddress: the same address with another prefix goes, at the title and at its loss", async () => {
  const json = deviceWith("10.0.0.100", 32);
  const made = held("ip=10.0.0.100/24,dev=lan", (line) => line.startsWith("ip -json") ? json : "");
  await made.thing.have(made.means(() => 5_000));
  assertEquals(made.lines, [
    "ip address del 10.0.0.100/32 dev lan",
    "ip address replace 10.0.0.100/24 dev lan valid_lft 4 preferred_lft 4",
  ]);
  assertEquals(made.log, [
    "warn 10.0.0.100/24 on lan: it was there as /32, which is removed",
    "info 10.0.0.100/24 on lan: added",
  ]);
  const left = held("ip=10.0.0.100/24,dev=lan", (line) => {
    if (line.startsWith("ip address del 10.0.0.100/24")) throw new HookError("no such address");
    return line.startsWith("ip -json") ? json : "";
  });
  assertEquals(await left.thing.undo(new AbortController().signal), true);
  assertEquals(left.lines.at(-1), "ip address del 10.0.0.100/32 dev lan");
});

Deno.test("HeldAddress: a reload that changes the prefix leaves the new address where it is", async () => {
  const addresses = new Map<string, [string, number]>();
  const made = (argument: string) => {
    const own = held(
      argument,
      (line) => line.startsWith("ip -json") ? withAddresses(addresses) : "",
    );
    const { set, delete: remove } = addresses;
    own.added.set = (...of) => (set.apply(addresses, of), own.added);
    own.added.delete = (key) => remove.call(addresses, key);
    return own;
  };
  const [old, next] = [made("ip=10.0.0.100/24,dev=lan"), made("ip=10.0.0.100/25,dev=lan")];
  await old.thing.have(old.means(() => 5_000));
  const having = next.thing.have(next.means(() => 5_000));
  await old.thing.undo(new AbortController().signal);
  await having;
  assertEquals([...addresses.keys()], ["10.0.0.100/25"]);
  assertEquals(await next.thing.undo(new AbortController().signal), true);
  assertEquals([...addresses.keys()], []);
});

Deno.test("HeldAddress: what is not there, or on no device, is removed already", async () => {
  const fails = (line: string) => {
    if (line.startsWith("ip address del")) throw new HookError("ip ended with exit status 2");
    return "";
  };
  const { signal } = new AbortController();
  assertEquals(await held("ip=10.0.0.100/24,dev=lan", fails).thing.undo(signal), false);
  assertEquals(await held("ip=10.0.0.100/24,dev=lan").thing.undo(signal), true);
  const gone = (line: string) => {
    if (line.startsWith("ip")) throw new HookError("Cannot find device");
    return "";
  };
  assertEquals(await held("ip=10.0.0.100/24,dev=lan", gone).thing.undo(signal), false);
  // The device's own address in this test is there all the time.
  await assertRejects(() => held("ip=10.0.0.1/24,dev=lan", fails).thing.undo(signal), HookError);
});

Deno.test("HeldAddress: it is removed after all that was begun before, and nothing adds it again", async () => {
  const { thing, lines, means, over } = held("ip=10.0.0.100/24,dev=lan");
  let leaseMs = 5_000;
  const having = thing.have(means(() => leaseMs));
  const undone = thing.undo(new AbortController().signal);
  leaseMs = 0;
  over.abort(new Error("lost"));
  await assertRejects(() => having, Error, "lost");
  await undone;
  assertEquals(lines, ["ip address del 10.0.0.100/24 dev lan"]);
});

for (
  const json of [
    "",
    "[]",
    "{}",
    "[{}]",
    "null",
    "[1]",
    '[{"ifname":1}]',
    '[{"ifname":"x","flags":3}]',
  ]
) {
  Deno.test(`HeldAddress: an answer of ip like ${json} breaks nothing`, async () => {
    const own = held(
      "ip=10.0.0.100/24,dev=lan",
      (line) => line.startsWith("ip -json") ? `${json} ` : "",
    );
    const { problems } = await own.thing.look(false);
    assert(problems.length > 0);
  });
}

const prefixes: [what: string, ip: string, own: string | undefined][] = [
  ["that of the net", "10.0.0.100/24", undefined],
  ["a longer one", "10.0.0.100/25", "10.0.0.1/24"],
  ["a shorter one", "10.0.0.100/16", "10.0.0.1/24"],
  ["a single address", "10.0.0.100/32", undefined],
  ["another net", "10.1.0.100/16", undefined],
  ["that of the net, of IPv6", "fd00::100/64", undefined],
  ["a longer one, of IPv6", "fd00::100/112", "fd00::1/64"],
];

for (const [what, argument, own] of prefixes) {
  Deno.test(`otherPrefix: ${what}`, () => {
    const { ip, prefix } = read(`ip=${argument},dev=lan`);
    assertEquals(otherPrefix(deviceOf(device)!, ip, prefix), own);
  });
}

Deno.test({
  name: "address: a device that is not here, and programs that are missing, are named",
  ignore: (await missing(["ip", "arping", "ndptool"])).length > 0,
  fn() {
    const settings = read("ip=10.0.0.100/24,dev=nosuchdevice");
    assertEquals(address.obstaclesHere!(settings), [
      "there is no network device nosuchdevice on this machine",
    ]);
    assertEquals(address.obstaclesHere!({ ...settings, dev: "lo" }), []);
    assertEquals(
      missingTool("ndptool"),
      "ndptool is missing: right would be apt-get install libndp-tools, or dnf install libndp",
    );
  },
});
