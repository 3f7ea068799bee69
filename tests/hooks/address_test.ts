import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Invalid } from "../../lib/base/invalid.ts";
import { HookError } from "../../lib/hooks/action.ts";
import { address } from "../../lib/hooks/address.ts";
import { HeldAddress } from "../../lib/hooks/held_address.ts";
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

/** An address whose commands are taken down; time passes only in its waits. */
function held(
  argument: string,
  answer: (line: string) => string = () => "",
  by: "ndptool" | "na6" = "ndptool",
) {
  const lines: string[] = [];
  const log: string[] = [];
  let nowMs = 0;
  const over = new AbortController();
  const thing = new HeldAddress(read(argument), {
    run(program, args) {
      const line = [program, ...args].join(" ");
      const said = answer(line);
      if (line.startsWith("ip -json")) return Promise.resolve(said || device);
      lines.push(line);
      return Promise.resolve(said);
    },
    wait(ms) {
      nowMs += ms;
      return Promise.resolve();
    },
    now: () => nowMs,
    by: () => by,
  });
  const means = (leaseMs: () => number) => ({
    signal: over.signal,
    leaseMs,
    log: (level: string, line: string) => {
      log.push(`${level} ${line}`);
    },
  });
  return { thing, lines, log, means, over, nowMs: () => nowMs };
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
  const { thing, lines, means } = held("ip=10.0.0.100/24,dev=lan");
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
  assertEquals(lines.filter((line) => line.startsWith("arping -D")).length, 1);
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
      if (nowMs() > 500) over.abort();
      return 5_000;
    }));
    assertEquals(lines.filter((line) => line.startsWith(by)), [advertisements[by]]);
  });
}

Deno.test("HeldAddress: a device that comes later is told of once, and has the address then", async () => {
  let nowMs = () => 0;
  const made = held("ip=10.0.0.100/24,dev=lan", (line) => {
    if (line.startsWith("ip -json") && nowMs() < 3_000) {
      throw new HookError('ip ended with exit status 1: Device "lan" does not exist.');
    }
    return "";
  });
  ({ nowMs } = made);
  await made.thing.keep(made.means(() => {
    if (nowMs() > 4_000) made.over.abort();
    return 5_000;
  }));
  assertEquals(made.log.map((line) => line.slice(0, 48)), [
    "error 10.0.0.100/24 on lan cannot be had: ip end",
    "info 10.0.0.100/24 on lan: it is there again",
  ]);
  assert(made.lines.some((line) => /^ip address replace/.test(line)));
});

Deno.test("HeldAddress: another machine that answers is told of", async () => {
  const { thing, log, means, over, nowMs } = held("ip=10.0.0.100/24,dev=lan", (line) => {
    if (line.startsWith("arping -D")) throw new HookError("arping ended with exit status 1");
    return "";
  });
  await thing.keep(means(() => {
    if (nowMs() > 3_000) over.abort();
    return 5_000;
  }));
  assertEquals(log, ["error 10.0.0.100/24 on lan: another machine answers for it too"]);
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
    const found = await own.thing.obstacles();
    assert(found.length > 0);
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
      "ndptool is missing: right would be apt-get install libndp-tools",
    );
  },
});
