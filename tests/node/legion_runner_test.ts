import type { Address } from "../../lib/base/address.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseAddress } from "../../lib/config/address.ts";
import type { LegionConfig } from "../../lib/config/config.ts";
import { freePorts } from "../lab/free_ports.ts";
import { createCipher } from "../../lib/legion/cipher.ts";
import { systemClock } from "../../lib/base/clock.ts";
import { openUdp, type Transport } from "../../lib/node/transport.ts";
import { Reported } from "../lab/reported.ts";
import { bind } from "./bind.ts";
import { commandHook, hook, legionConfig } from "./legion_config.ts";

async function pair(changed: Partial<LegionConfig> = {}) {
  const ports = freePorts(2);
  const [a, b] = ports.map((port) => ({ host: "127.0.0.1", port }));
  return [
    await bind(legionConfig({ address: a, nodes: [b], valor: 20, quorum: 2, ...changed }), "a"),
    await bind(legionConfig({ address: b, nodes: [a], valor: 10, quorum: 2, ...changed }), "b"),
  ];
}

const isLord = /this node is the lord/;

for (
  const cipher of ["bf-cbc", "aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des-ede3-cbc"] as const
) {
  Deno.test(`two nodes elect a lord, and the other takes over from it: ${cipher}`, async () => {
    const [a, b] = await pair({ cipher, quorum: 0 });
    a.runner.start();
    b.runner.start();
    await a.logged(isLord);
    await b.logged(/a is elected/);
    await a.runner.stop();
    await b.logged(isLord);
    await b.runner.stop();
  });
}

Deno.test("the hooks of an event run in order, with what it is about", async () => {
  const [a, b] = await pair({
    // On a busy machine nobody is to leave and join once more.
    toleranceMs: 2_000,
    hooks: [
      hook("setup", { kind: "log", settings: { text: "first of setup" } }),
      hook("setup", { kind: "log", settings: { text: "second of setup" } }),
      commandHook("node-joined", "echo $FAILOVER_NODE joined $FAILOVER_LEGION"),
      commandHook("lord", "echo $FAILOVER_EVENT: $FAILOVER_LORD"),
      hook("death", { kind: "log", settings: { text: "farewell" } }),
    ],
  });
  a.runner.start();
  b.runner.start();
  await a.logged(/info lord: a/);
  await a.runner.stop();
  await b.runner.stop();
  const told = a.lines.filter((line) => /of setup|b joined test|lord: a|farewell/.test(line));
  assertEquals(told, [
    "info first of setup",
    "info second of setup",
    "info b joined test",
    "info lord: a",
    "info farewell",
  ]);
});

Deno.test("aborted hooks end before the unlord hooks begin", async () => {
  const [a, b] = await pair({
    hooks: [
      commandHook("lord", "echo ready; sleep 60"),
      hook("unlord", { kind: "log", settings: { text: "letting go" } }),
    ],
  });
  a.runner.start();
  b.runner.start();
  await a.logged(/ready/);
  await b.runner.stop();
  await a.logged(/info letting go/);
  await a.runner.stop();
  const order = a.lines.filter((line) => / aborted$|info letting go/.test(line));
  assertStringIncludes(order[0], "lord hook cmd (test.ini:7) ended after");
  assertEquals(order[1], "info letting go");
});

Deno.test("a second stop does not wait for the death hooks", async () => {
  const [address] = (freePorts(1)).map((port) => ({ host: "127.0.0.1", port }));
  const sleep = commandHook("death", "echo dying; sleep 60");
  const { runner, logged } = await bind(legionConfig({ address, hooks: [sleep] }));
  runner.start();
  await logged(isLord);
  const stopped = runner.stop();
  await logged(/dying/);
  const begun = performance.now();
  await Promise.all([stopped, runner.stop()]);
  // The hook takes 60 s.
  assert(performance.now() - begun < 15_000);
});

Deno.test("bad datagrams of every kind are dropped, counted and logged; the lord stays", async () => {
  const [port, senderPort] = freePorts(2);
  const address = { host: "127.0.0.1", port };
  const { runner, lines, logged } = await bind(legionConfig({ address }));
  runner.start();
  await logged(isLord);
  const sender = await openUdp({
    address: { host: "127.0.0.1", port: senderPort },
    casting: "unicast",
    received: () => {},
    unsent: () => {},
  });
  const ours = await createCipher({ cipher: "bf-cbc", secret: "secret1", iv: "" });
  const theirs = await createCipher({ cipher: "bf-cbc", secret: "another", iv: "" });
  const body = new TextEncoder().encode("no pairs");
  const bad: [pattern: RegExp, datagram: Uint8Array][] = [
    [/no datagram of a legion/, Uint8Array.of(1)],
    [/more than \d+ bytes: is legion-scroll-max-size/, new Uint8Array(9_000)],
    [/modifier1 is 108/, ours.seal(body).with(0, 108)],
    [/the header says 9/, ours.seal(body).with(1, 9)],
    [/the body does not parse/, ours.seal(body)],
    [/it does not decrypt/, theirs.seal(body)],
  ];
  for (const [pattern, datagram] of bad) {
    // The second of a reason is counted, and not logged.
    sender.send(datagram, address);
    sender.send(datagram, address);
    await logged(pattern);
  }
  assertEquals(runner.stats().members, []);
  assert(runner.stats().i_am_the_lord > 0);
  await sender.close();
  await runner.stop();
  assertEquals(lines.filter((line) => line.includes("dropped a datagram")).length, bad.length);
});

Deno.test("what cannot be sent is logged once a minute for each node and reason", async () => {
  let report = (_to: Address, _reason: string) => {};
  const nowhere = (options: Parameters<typeof openUdp>[0]): Promise<Transport> => {
    report = options.unsent;
    return Promise.resolve({ send: () => {}, close: () => Promise.resolve() });
  };
  const { runner, lines } = await bind(legionConfig({}), "a", nowhere);
  for (let i = 0; i < 3; i++) report({ host: "1.1.1.1", port: 2000 }, "no route");
  assertEquals(lines, ["warn cannot send to 1.1.1.1:2000: no route"]);
  await runner.close();
});

Deno.test("stats: the legion as uWSGI would tell it", async () => {
  const [a, b] = await pair();
  a.runner.start();
  b.runner.start();
  await a.logged(isLord);
  const [stats, peer] = [a.runner.stats(), b.runner.stats()];
  await a.runner.stop();
  await b.runner.stop();
  const { uuid, checksum, i_am_the_lord, members: [member] } = stats;
  const { legion, valor, quorum, lord_valor, lord_uuid, nodes } = stats;
  assertEquals([legion, valor, quorum], ["test", 20, 2]);
  assertEquals([lord_valor, lord_uuid, nodes], [20, uuid, [peer.addr]]);
  assertEquals([member.name, member.uuid, member.valor], ["b", peer.uuid, 10]);
  assertEquals(member.checksum, checksum);
  for (const time of [i_am_the_lord, member.last_seen]) {
    assert(Math.abs(time - Date.now() / 1000) < 60, `${time} is no time of now`);
  }
  assertEquals([peer.i_am_the_lord, peer.lord_uuid], [0, uuid]);
});

Deno.test("stats: and beyond that, why things are as they are", async () => {
  const [a, b] = await pair({ hooks: [commandHook("lord", "echo SECRET; true")] });
  a.runner.start();
  b.runner.start();
  await a.logged(isLord);
  await b.logged(/a is elected/);
  const lord = a.runner.stats();
  const follower = b.runner.stats();
  assertEquals([lord.state, lord.why_not_lord, lord.votes], ["lord", "", 2]);
  assertEquals([lord.lords, lord.lordless_seconds, lord.never_heard], [["a"], 0, []]);
  assertEquals([follower.state, follower.why_not_lord], ["follower", "a has a higher valor (20)"]);
  const [{ kind, vote, address, clock_skew_seconds }] = lord.members;
  assertEquals([kind, vote, address], ["failover", "a", follower.addr]);
  assert(Math.abs(clock_skew_seconds) <= 1);
  const [{ event, action, result }] = lord.hooks;
  assertEquals([event, action, result], ["lord", "cmd", "ok"]);
  assert(lord.events.some(({ message }) => message === "this node is the lord"));
  assertEquals(JSON.stringify([lord, follower]).includes("SECRET"), false);

  await a.runner.stop();
  await b.logged(/no quorum/);
  const alone = b.runner.stats();
  assertEquals([alone.state, alone.lords], ["candidate", []]);
  assertEquals(alone.why_not_lord, "no quorum: 1 present, 2 needed");
  assert(alone.lordless_seconds >= 0);
  await b.runner.stop();
});

Deno.test("a lord is given other hooks and nodes, stays lord, and goes by them", async () => {
  const [a, b] = await pair({
    hooks: [hook("unlord", { kind: "log", settings: { text: "the old one" } })],
  });
  const [port] = freePorts(1);
  a.runner.start();
  b.runner.start();
  await a.logged(isLord);
  const before = a.runner.stats();
  const [nodeB] = before.nodes;
  a.runner.reconfigure(legionConfig({
    address: parseAddress(before.addr),
    nodes: [nodeB, `127.0.0.1:${port}`].map(parseAddress),
    quorum: 2,
    hooks: [hook("unlord", { kind: "log", settings: { text: "the new one" } })],
  }));
  const after = a.runner.stats();
  assertEquals(after.i_am_the_lord, before.i_am_the_lord);
  assertEquals(after.never_heard, [`127.0.0.1:${port}`]);
  await b.runner.stop();
  await a.logged(/no longer the lord/);
  await a.logged(/unlord hook .* ended/);
  await a.runner.stop();
  assertEquals(a.lines.filter((line) => /the (old|new) one/.test(line)), ["info the new one"]);
});

Deno.test("a standing tells each change, and a runner that has ended is never late", async () => {
  const standings: string[] = [];
  const [address] = (freePorts(1)).map((port) => ({ host: "127.0.0.1", port }));
  const a = await bind(legionConfig({ address }), "a", openUdp, (standing) => {
    standings.push(standing);
  });
  a.runner.start();
  await a.logged(isLord);
  await a.runner.stop();
  assertEquals(standings.filter((standing) => !/taking over/.test(standing)), [
    "test: listening",
    "test: lord",
    "test: stopping",
  ]);
  assertEquals(a.runner.overdueMs, 0);
});

Deno.test("how late a timer is counts from when it was asked for", async () => {
  const [address] = (freePorts(1)).map((port) => ({ host: "127.0.0.1", port }));
  const { runner, logged } = await bind(legionConfig({ address }));
  runner.start();
  await logged(isLord);
  assert(runner.overdueMs < 100);
  // The loop hangs.
  const endMs = performance.now() + 300;
  while (performance.now() < endMs);
  assert(runner.overdueMs >= 240, `${runner.overdueMs} ms`);
  await runner.stop();
});

Deno.test("an error around a hook is reported, and the hooks of the end run all the same", async () => {
  using reported = new Reported();
  const [port] = freePorts(1);
  const { runner, lines } = await bind(
    legionConfig({
      address: { host: "127.0.0.1", port },
      hooks: [
        hook("setup", { kind: "log", settings: { text: "up" } }),
        hook("death", { kind: "log", settings: { text: "farewell" } }),
      ],
    }),
    "a",
    openUdp,
    () => {},
    systemClock,
    (message) => {
      if (/^setup hook .* begins$/.test(message)) throw new Error("a mistake");
    },
  );
  runner.start();
  await runner.stop();
  assertEquals(reported.messages, ["a mistake"]);
  assert(lines.includes("info farewell"));
});
