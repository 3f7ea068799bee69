// Somebody on the wire: hears all, sends all of it again, and makes things up. On real sockets.
import type { Address } from "../../lib/base/address.ts";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { normalAddress } from "../../lib/config/address.ts";
import type { LegionConfig } from "../../lib/config/config.ts";
import {
  type Announcement,
  decodeAnnouncement,
  encodeAnnouncement,
} from "../../lib/legion/announcement.ts";
import { authenticated } from "../../lib/legion/authentication.ts";
import { createCipher } from "../../lib/legion/cipher.ts";
import { openUdp, type Transport } from "../../lib/node/transport.ts";
import { freePorts } from "../lab/free_ports.ts";
import { announcement } from "../legion/announcement.ts";
import { bind } from "./bind.ts";
import { commandHook, legionConfig } from "./legion_config.ts";
import { reopenUdp } from "./reopen_udp.ts";

type Node = Awaited<ReturnType<typeof bind>> & { transport: Transport; address: Address };

const plain = await createCipher({ cipher: "aes-128-cbc", secret: "secret1", iv: "" });
const authSecret = "AUTH";
const auth = { legion: "test", secret: authSecret };
const toleranceMs = 1_500;

/** Waits for what has no event of its own. */
async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited 20 s for ${what}`);
    await delay(20);
  }
}

/** What nobody on the wire may change. */
function standing({ runner }: Node) {
  const { uuid, state, i_am_the_lord, elected, lord_uuid, votes, lords, supports, members } = runner
    .stats();
  const peers = members.map(({ name, uuid, address, vote }) => [name, uuid, address, vote]).sort();
  return { uuid, state, i_am_the_lord, elected, lord_uuid, votes, lords, supports, peers };
}

/** Nodes on loopback, and one who hears what they say. */
async function wire(names: string[], changed: Partial<LegionConfig>) {
  const cipher = changed.authSecret === undefined ? plain : authenticated(plain, auth);
  const ports = freePorts(names.length + 1);
  const addresses = ports.map((port) => ({ host: "127.0.0.1", port }));
  const ears = addresses[names.length];
  const nodes = new Map<string, Node>();
  const heard: { from: Address; datagram: Uint8Array; said: Announcement }[] = [];

  const sendToAll = (datagram: Uint8Array, by: Transport = mallory) => {
    for (const { address } of nodes.values()) by.send(datagram, address);
  };
  const mallory = await openUdp({
    address: ears,
    casting: "unicast",
    received(datagram, from) {
      const copy = datagram.slice();
      heard.push({ from, datagram: copy, said: decodeAnnouncement(cipher.open(copy)) });
      // Immediately: everybody hears everything twice.
      sendToAll(copy);
    },
    unsent: () => {},
  });

  /** Waits until all nodes have taken in what was sent to them. */
  const takenIn = async (by: Transport) => {
    const count = ({ runner }: Node) => runner.stats().dropped.short?.count ?? 0;
    const before = [...nodes.values()].map(count);
    sendToAll(Uint8Array.of(0), by);
    await until("all to be heard", () => [...nodes.values()].every((n, i) => count(n) > before[i]));
  };

  return {
    nodes,
    heard,
    cipher,
    mallory,
    takenIn,
    async start(name: string) {
      const index = names.indexOf(name);
      const address = addresses[index];
      let transport = mallory;
      const config = legionConfig({
        cipher: "aes-128-cbc",
        address,
        nodes: addresses.filter((other) => other !== address),
        voters: addresses.slice(0, names.length).map(normalAddress).sort(),
        valor: 40 - 10 * index,
        quorum: Math.floor(names.length / 2) + 1,
        freqMs: 100,
        toleranceMs,
        // Long enough for claims to be heard.
        hooks: [commandHook("lord", "sleep 0.2")],
        ...changed,
      });
      const bound = await bind(config, name, async (options) => {
        // A node that comes back finds its port as it left it.
        return transport = await reopenUdp(options);
      });
      const node = { ...bound, transport, address };
      nodes.set(name, node);
      bound.runner.start();
      return node;
    },
    async stop(name: string) {
      await nodes.get(name)?.runner.stop();
      nodes.delete(name);
    },
    /** Sends everything that was heard again, from here and from where it came. */
    async replay(datagrams: readonly (typeof heard)[number][]) {
      const own = [...nodes.values()].map(({ transport }) => transport);
      const ways = [mallory, ...own];
      for (const by of ways) {
        const { port } = by === mallory
          ? ears
          : [...nodes.values()].find((n) => n.transport === by)!.address;
        const some = by === mallory ? datagrams : datagrams.filter((d) => d.from.port === port);
        for (let at = 0; at < some.length; at += 40) {
          for (const { datagram } of some.slice(at, at + 40)) sendToAll(datagram, by);
          await takenIn(by);
        }
      }
    },
    /** Makes up a datagram for all, from here. */
    async forge(datagram: Uint8Array) {
      sendToAll(datagram);
      await takenIn(mallory);
    },
    /** Waits until all agree on one lord, and there are so many. */
    agreed: () =>
      until("all to agree", () => {
        const all = [...nodes.values()].map(({ runner }) => runner.stats());
        return all.every(({ members, votes, lords }) =>
          members.length === nodes.size - 1 && votes === nodes.size && lords.length === 1
        );
      }),
    /** Waits until every node has announced itself for longer than the tolerance. */
    async afterTolerance() {
      const before = heard.length;
      const periods = 1.2 * toleranceMs / 100;
      const ports = [...nodes.values()].map(({ address }) => address.port);
      await until("some more announcements", () => {
        const later = heard.slice(before).map(({ from }) => from.port);
        return ports.every((port) => later.filter((each) => each === port).length > periods);
      });
    },
    drops: (reason: string) =>
      [...nodes.values()].map(({ runner }) => runner.stats().dropped[reason]?.count ?? 0),
    all: () => Object.fromEntries([...nodes].map(([name, node]) => [name, standing(node)])),
    async [Symbol.asyncDispose]() {
      await Promise.all([...nodes.values()].map(({ runner }) => runner.stop()));
      await mallory.close();
    },
  };
}

for (const changed of [{}, { authSecret }]) {
  const how = "authSecret" in changed ? "with" : "without";

  Deno.test(`${how} legion-auth: whatever was said once counts for nothing again`, async () => {
    await using legion = await wire(["a", "b", "c", "d"], changed);
    for (const name of ["a", "b", "c", "d"]) await legion.start(name);
    await legion.agreed();
    await legion.stop("d");
    await legion.agreed();

    const said = [...legion.heard];
    const kinds = {
      "a first word": said.some(({ said }) => said.seq === 1),
      "a vote": said.some(({ said }) => said.checksum > 0n),
      "a support": said.some(({ said }) => said.support !== undefined),
      "a claim": said.some(({ said }) => said.claim),
      "a lordship": said.some(({ said }) => said.lord > 0),
      "a farewell": said.some(({ said }) => said.dead),
    };
    assertEquals(Object.entries(kinds).filter(([, there]) => !there), []);

    const before = legion.all();
    await legion.replay(said);
    assertEquals(legion.all(), before);
    // Its sender is gone, and its port free for anybody.
    const farewells = said.filter(({ said }) => said.dead);
    const [{ from }] = farewells;
    const there = await reopenUdp({
      address: from,
      casting: "unicast",
      received: () => {},
      unsent: () => {},
    });
    for (const { datagram } of said.filter(({ from: { port } }) => port === from.port)) {
      for (const { address } of legion.nodes.values()) there.send(datagram, address);
    }
    await legion.takenIn(there);
    await there.close();
    assertEquals(legion.all(), before);
    for (const count of legion.drops("replayed")) assert(count > said.length, `${count}`);

    // And it may come back, whatever its farewells of before say.
    const returned = await legion.start("d");
    await returned.logged(/a is elected/);
    await legion.agreed();
    const again = legion.all();
    assertNotEquals(again.d.uuid, farewells[0].said.uuid);
    await legion.replay(farewells);
    assertEquals(legion.all(), again);
    await legion.afterTolerance();
    assertEquals(legion.all(), again);
    assert([...legion.nodes.values()].every(({ lines }) => !lines.some((l) => /internal/.test(l))));
  });

  Deno.test(`${how} legion-auth: what is made up counts for nothing, and is counted`, async () => {
    await using legion = await wire(["a", "b", "c"], changed);
    for (const name of ["a", "b", "c"]) await legion.start(name);
    await legion.agreed();
    const before = legion.all();
    const unix = Math.floor(Date.now() / 1000);
    const [b] = legion.heard.filter(({ said }) => said.name === "b").map(({ said }) => said).slice(
      -1,
    );
    const stranger = announcement({ name: "x", uuid: "x".repeat(36), valor: 99, seq: 1 });
    // Of a stranger, and of a member (by another process: its own node would pass it over); to
    // join, to leave, and to be lord.
    const bodies = (at: number) =>
      [stranger, { ...b, pid: b.pid + 1, seq: b.seq + 1_000_000 }].flatMap((said) => [
        encodeAnnouncement({ ...said, unix: at }),
        encodeAnnouncement({ ...said, unix: at, dead: true }),
        encodeAnnouncement({ ...said, unix: at, lord: at, claim: true }),
      ]);
    const sent = async (reasons: string[], datagrams: Uint8Array[]) => {
      const count = () => reasons.map(legion.drops).reduce((a, b) => a.map((n, i) => n + b[i]));
      const already = count();
      for (const datagram of datagrams) await legion.forge(datagram);
      assertEquals(count(), already.map((n) => n + datagrams.length), reasons.join());
      assertEquals(legion.all(), before);
    };
    const { cipher } = legion;
    await sent(["future"], bodies(unix + 70).map((body) => cipher.seal(body)));
    await sent(["stale"], bodies(unix - 70).map((body) => cipher.seal(body)));
    const other = await createCipher({ cipher: "aes-128-cbc", secret: "another", iv: "" });
    // One in some hundred has a padding by chance.
    const unreadable = ["undecipherable", "size", "malformed"];
    await sent(unreadable, bodies(unix).map((body) => other.seal(body)));
    if ("authSecret" in changed) {
      const wrong = authenticated(plain, { ...auth, secret: "WRONG" });
      const elsewhere = authenticated(plain, { ...auth, legion: "other" });
      for (const by of [plain, wrong, elsewhere]) {
        await sent(["forged"], bodies(unix).map((body) => by.seal(body)));
      }
    }
    await legion.afterTolerance();
    assertEquals(legion.all(), before);
  });
}

Deno.test("a uWSGI node's announcements are protected by their time alone, its farewell too", async () => {
  await using legion = await wire(["a", "b", "u"], { freqMs: 100 });
  await legion.start("a");
  await legion.start("b");
  const nodes = [...legion.nodes.values()];
  const memberOf = (name: string) => ({ runner }: Node) =>
    runner.stats().members.some((member) => member.name === name);
  const begun = Math.floor(Date.now() / 1000);

  const said: Uint8Array[] = [];
  const say = async (changed: Partial<Announcement>) => {
    const body = encodeAnnouncement(announcement({ name: "u", uuid: "u".repeat(36), ...changed }));
    said.push(plain.seal(body));
    await legion.forge(plain.seal(body));
  };
  for (const [second, checksum] of [[0, 1n], [0, 2n], [1, 3n], [2, 4n]] as const) {
    await say({ unix: begun + second, checksum });
    assert(nodes.every(memberOf("u")));
  }
  const early = legion.drops("replayed");
  for (const datagram of said) await legion.forge(datagram);
  assertEquals(legion.drops("replayed").map((n, i) => n - early[i] >= said.length), [true, true]);

  await say({ unix: begun + 2, dead: true });
  assert(!nodes.some(memberOf("u")));
  for (const datagram of said) await legion.forge(datagram);
  assert(!nodes.some(memberOf("u")));

  await say({ uuid: "v".repeat(36), unix: begun + 3 });
  for (const datagram of said) await legion.forge(datagram);
  assert(nodes.every(memberOf("u")));
});

Deno.test("members beyond legion-max-members are dropped, counted, and logged once", async () => {
  await using legion = await wire(["a"], { maxMembers: 2 });
  const { runner, lines } = await legion.start("a");
  const say = (nth: number, seq: number) => {
    const unix = Math.floor(Date.now() / 1000);
    const said = announcement({ name: `n${nth}`, uuid: `${nth}`.padStart(36), unix, seq });
    return legion.forge(plain.seal(encodeAnnouncement(said)));
  };
  for (const seq of [1, 2]) for (let nth = 1; nth <= 5; nth++) await say(nth, seq);
  assertEquals(legion.drops("crowded"), [6]);
  assertEquals(runner.stats().members.map(({ name }) => name), ["n1", "n2"]);
  const told = lines.filter((line) => line.includes("there are 2 members already"));
  assertEquals(told.length, 1);
});

Deno.test("with legion-lease = on, what uWSGI says is dropped, counted, and explained", async () => {
  await using legion = await wire(["a"], { lease: "on" });
  const { runner, logged } = await legion.start("a");
  const unix = Math.floor(Date.now() / 1000);
  await legion.forge(plain.seal(encodeAnnouncement(announcement({ name: "u", unix }))));
  await logged(/warn dropped a datagram from 127\.0\.0\.1:\d+: it comes from uWSGI/);
  assertEquals([legion.drops("unleased"), runner.stats().members], [[1], []]);
});
