// What the runner of a legion makes of what it hears, of its peers, its checks and by hand.
import type { Address } from "../../lib/base/address.ts";
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import type { LegionConfig } from "../../lib/config/config.ts";
import { type Announcement, encodeAnnouncement } from "../../lib/legion/announcement.ts";
import { createCipher } from "../../lib/legion/cipher.ts";
import type { TransportOptions } from "../../lib/node/transport.ts";
import { HandClock } from "../lab/hand_clock.ts";
import { freePorts } from "../lab/free_ports.ts";
import { announcement } from "../legion/announcement.ts";
import { bind } from "./bind.ts";
import { hook, legionConfig } from "./legion_config.ts";
import type { KeptSettings } from "../../lib/robot/provider.ts";

const isLord = /this node is the lord/;
const cipher = await createCipher({ cipher: "bf-cbc", secret: "secret1", iv: "" });
const b = { host: "127.0.0.1", port: 2 };

/** A runner that hears what the test says. */
async function ears(changed: Partial<LegionConfig>, standingChanged = () => {}) {
  let received: TransportOptions["received"] = () => {};
  const open = (options: TransportOptions) => {
    received = options.received;
    return Promise.resolve({ send() {}, close: () => Promise.resolve() });
  };
  const bound = await bind(legionConfig(changed), "a", open, standingChanged);
  let seq = 0;
  const hear = (datagram: Uint8Array, from: Address = b) => received(datagram, from);
  const say = (changed: Partial<Announcement> = {}, from = b) => {
    const unix = Math.floor(Date.now() / 1000);
    const said = announcement({ name: "b", uuid: "b".repeat(36), unix, seq: ++seq, ...changed });
    hear(cipher.seal(encodeAnnouncement(said)), from);
  };
  return { ...bound, hear, say };
}

Deno.test("one who sends from many ports is logged once", async () => {
  const { runner, hear, lines } = await ears({});
  for (const port of [2, 3, 4]) hear(Uint8Array.of(1), { host: "127.0.0.1", port });
  hear(Uint8Array.of(1), { host: "127.0.0.2", port: 2 });
  assertEquals(lines.filter((line) => line.includes("dropped a datagram")).length, 2);
  assertEquals(runner.stats().dropped.short?.count, 4);
  await runner.close();
});

Deno.test("a mistake of the node's own drops the datagram, and is counted and logged", async () => {
  let isBroken = false;
  const { runner, say, lines } = await ears({ quorum: 2 }, () => {
    if (isBroken) throw new Error("broken");
  });
  runner.start();
  say();
  isBroken = true;
  say({ lord: 7 });
  isBroken = false;
  const { dropped, members, lords } = runner.stats();
  assertEquals(dropped.internal?.count, 1);
  assertEquals([members.length, lords], [1, ["b"]]);
  assertEquals(lines.at(-1), "warn dropped a datagram from 127.0.0.1:2: broken");
  await runner.stop();
});

Deno.test("one that was heard while it was no node of the configuration has never been heard", async () => {
  const { runner, say } = await ears({ quorum: 2 });
  runner.start();
  say();
  const never = () => runner.stats().never_heard;
  runner.reconfigure(legionConfig({ quorum: 2, nodes: [b] }));
  assertEquals(never(), ["127.0.0.1:2"]);
  say();
  assertEquals(never(), []);
  await runner.stop();
});

// The hosts that Deno may give a sender.
const spellings: [listed: string, heardAs: string, normal: string][] = [
  ["FD09:0:0:0:0:0:0:2", "fd09::2", "[fd09::2]:2"],
  ["::ffff:10.0.0.2", "::ffff:a00:2", "10.0.0.2:2"],
  ["fe80::2%eth0", "fe80::2%2", "[fe80::2]:2"],
  ["fe80::2%eth0", "fe80::2", "[fe80::2]:2"],
];
for (const [listed, heardAs, normal] of spellings) {
  Deno.test(`a node listed as ${listed} has been heard as ${heardAs}`, async () => {
    const address = { host: "fd09::1", port: 2 };
    const { runner, say } = await ears({ quorum: 2, address, nodes: [{ host: listed, port: 2 }] });
    runner.start();
    assertEquals(runner.stats().never_heard, [normal]);
    say({}, { host: heardAs, port: 2 });
    const { never_heard, nodes, members: [member] } = runner.stats();
    assertEquals([never_heard, nodes, member.address], [[], [normal], normal]);
    await runner.stop();
  });
}

Deno.test("a node behind NAT has been heard, wherever its datagrams come from", async () => {
  const listed = { host: "10.0.0.2", port: 2 };
  const { runner, say } = await ears({ quorum: 2, nodes: [listed] });
  runner.start();
  say({}, { host: "4.4.4.4", port: 4711 });
  assertEquals(runner.stats().never_heard, ["10.0.0.2:2"]);
  say({ node: "10.0.0.2:2" }, { host: "4.4.4.4", port: 4711 });
  assertEquals(runner.stats().never_heard, []);
  await runner.stop();
});

Deno.test("scrolls may be as long as legion-scroll-max-size says", async () => {
  const scroll = "x".repeat(20_000);
  for (
    const [scrollMaxSize, members, dropped] of [[30_000, 1, []], [4_096, 0, ["long"]]] as const
  ) {
    const { runner, say } = await ears({ quorum: 2, scrollMaxSize });
    runner.start();
    say({ scroll });
    const stats = runner.stats();
    assertEquals([stats.members.length, Object.keys(stats.dropped)], [members, dropped]);
    await runner.stop();
  }
});

Deno.test("for how long there is no lord is counted from when there was none", async () => {
  const { runner, logged } = await ears({ quorum: 2 });
  runner.start();
  await logged(/started/);
  assert(runner.stats().lordless_seconds < 5);
  const { lordless_seconds: before } = runner.stats();
  await delay(120);
  const { lordless_seconds: after } = runner.stats();
  assert(after - before >= 0.1, `${before} ${after}`);
  await runner.stop();
});

Deno.test("another quorum counts from the reload on", async () => {
  const { runner, logged } = await ears({ quorum: 2 });
  runner.start();
  await delay(200);
  assertEquals(runner.stats().why_not_lord, "no quorum: 1 present, 2 needed");
  runner.reconfigure(legionConfig({ quorum: 0 }));
  await logged(isLord);
  await runner.stop();
});

Deno.test("a node stands back until its check has passed", async () => {
  const [port] = freePorts(1);
  const probe = { kind: "tcp", address: { host: "127.0.0.1", port } } as const;
  const often = { intervalMs: 50, timeoutMs: 1_000, rise: 1, fall: 1, leader: false };
  const checks = [{ file: "test.ini", line: 3, name: "web", probe, ...often }];
  const { runner, logged } = await ears({ checks });
  runner.start();
  await logged(/stands back as an arbiter, .*: check web has not passed yet$/);
  await logged(/warn check web fails: connection refused/);
  assertEquals(runner.promote("eve"), "it stands back: check web fails: connection refused");
  const listener = Deno.listen({ hostname: "127.0.0.1", port });
  await logged(isLord);
  listener.close();
  await logged(/no longer the lord/);
  await runner.stop();
});

Deno.test("a node that does not hold back is not promoted", async () => {
  const { runner, lines, logged } = await ears({});
  runner.start();
  await logged(isLord);
  assertEquals(runner.promote("eve"), "it does not hold back: it stands with its own valor 10");
  assertEquals(lines.filter((line) => line.includes("eve")), []);
  await runner.stop();
});

Deno.test("where an address points is believed of a lord, and of nobody else", async () => {
  const settings = {
    ip: "4.4.4.4",
    url: "http://robot.example",
    activeServerIp: "1.1.1.1",
    preflight: false,
  } as KeptSettings;
  const action = { kind: "hetzner-failoverip", settings };
  const { runner, say } = await ears({ quorum: 2, hooks: [hook("lord", action)] });
  runner.start();
  const tell = (where: string, changed: Partial<Announcement> = {}) =>
    say({
      aside: { version: "", back: [], sight: { ip: "4.4.4.4", where, ageSeconds: 2 } },
      ...changed,
    });
  const sights = () =>
    runner.stats().addresses.map(({ points_to, seen_by }) => `${points_to} by ${seen_by}`);
  tell("2.2.2.2");
  assertEquals(sights(), ["null by "]);
  tell("2.2.2.2", { lord: 7 });
  assertEquals(sights(), ["2.2.2.2 by b"]);
  // A datagram that the legion does not take in, here an old one, tells nothing either.
  tell("3.3.3.3", { lord: 7, seq: 1 });
  assertEquals(sights(), ["2.2.2.2 by b"]);
  assertEquals(runner.stats().reigns.map(({ lord }) => lord), ["", "b"]);
  await runner.stop();
});

Deno.test("a member whose clock runs faster is told with its pace, and forgotten with it", async () => {
  const clock = new HandClock();
  let received: TransportOptions["received"] = () => {};
  const config = legionConfig({
    quorum: 2,
    freqMs: 1_000,
    toleranceMs: 5_000,
    skewToleranceMs: 1e9,
  });
  const { runner } = await bind(
    config,
    "a",
    (options) => {
      received = options.received;
      return Promise.resolve({ send() {}, close: () => Promise.resolve() });
    },
    undefined,
    clock,
  );
  runner.start();
  const pace = () => runner.stats().members.map(({ clock_pace_percent }) => clock_pace_percent);
  for (let seq = 1; seq <= 200; seq++) {
    const said = { name: "b", uuid: "b".repeat(36), unix: Math.floor(seq * 1.1), seq };
    received(cipher.seal(encodeAnnouncement(announcement(said))), b);
    if (seq === 60) assertEquals(pace(), [0]);
    clock.pass(1_000);
  }
  const [percent] = pace();
  assert(percent > 8 && percent <= 10, `${percent}`);
  clock.pass(10_000);
  assertEquals(pace(), []);
  await runner.close();
});
