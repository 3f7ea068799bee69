// Whatever comes in: datagrams broken in every way, through cipher, parser and a running legion.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Announcement,
  decodeAnnouncement,
  encodeAnnouncement,
} from "../../lib/legion/announcement.ts";
import { authenticated } from "../../lib/legion/authentication.ts";
import { type Cipher, type CipherOptions, createCipher } from "../../lib/legion/cipher.ts";
import { DatagramError } from "../../lib/legion/datagram_error.ts";
import type { Effect } from "../../lib/legion/effects.ts";
import { Legion } from "../../lib/legion/legion.ts";
import { heapBytes } from "../lab/heap.ts";
import { decodePairs, encodePairs } from "../../lib/legion/pairs.ts";
import { announcement, voterSays } from "./announcement.ts";
import { legionOptions } from "./legion_options.ts";
import { addressOf } from "./world.ts";
import vectors from "./fixtures/uwsgi-announcements.json" with { type: "json" };

const runs = 20_000;
const maxMembers = 10;
const unix = 1_795_355_110;
const selfUuid = "s".repeat(36);

/** The moment at which everything is heard, some time after the legion has begun. */
const now = { monotonicMs: 4_000, wallMs: unix * 1000 };

/** What the members a and b say, and a stranger; each in all that may stand in an announcement. */
function sayings(): Announcement[] {
  const from = (name: string, seq: number, changed: Partial<Announcement> = {}) =>
    voterSays(name, { legion: "failover", unix, seq, ...changed });
  const support = { uuid: selfUuid, seq: 1 };
  const was = "w".repeat(36);
  return ["a", "b", "x"].flatMap((name) => [
    from(name, 10),
    from(name, 11, { checksum: 12_551n, lordValor: 30, lordUuid: selfUuid, support, hears: 7n }),
    from(name, 12, { valor: 99, claim: true, support: { uuid: name.repeat(36), seq: 12 } }),
    from(name, 13, { lord: unix, scroll: "a scroll" }),
    from(name, 14, { uuid: `${name}2`.padEnd(36), was: name.repeat(36), hears: 1n }),
    from(name, 15, { node: "a:2000", was, config: "0badf00d" }),
    from(name, 16, { dead: true }),
    announcement({ legion: "failover", name, uuid: name.repeat(36), unix, scroll: "uWSGI's" }),
  ]);
}

/** A legion whose lord is this node, by the support of a and b. */
function lordOf(): Legion {
  let seq = 0;
  const legion = new Legion(
    legionOptions({ legion: "failover", maxMembers, newUuid: () => selfUuid }),
  );
  const heed = (effects: Effect[], at = now) => {
    for (const effect of effects) {
      if (effect.type === "announce") seq = effect.announcement.seq;
      if (effect.type !== "runHooks") continue;
      heed(legion.hooksEnded({ event: effect.call.event, ok: true }, at), at);
    }
  };
  const begun = { ...now, monotonicMs: 0 };
  heed(legion.start(begun), begun);
  for (const [step, monotonicMs] of [500, 2_000, 4_000, 4_000].entries()) {
    const at = { ...now, monotonicMs };
    heed(legion.tick(at), at);
    for (const name of ["a", "b"]) {
      const support = step < 3 ? undefined : { uuid: selfUuid, seq };
      const said = voterSays(name, { legion: "failover", unix, seq: step + 1, support });
      heed(legion.heard(said, addressOf(name), at), at);
    }
  }
  heed(legion.tick(now));
  assertEquals([legion.view().lordship, legion.view().guarantee.kind], ["lord", "lease"]);
  return legion;
}

/** All that can be seen of a legion. */
function seen(legion: Legion): string {
  return JSON.stringify(
    legion.view(),
    (_key, value) => typeof value === "bigint" ? `${value}` : value,
  );
}

/** Takes in a datagram as a node does; false: it was dropped, as it may be. */
function takenIn(datagram: Uint8Array, cipher: Cipher, legion: Legion): boolean {
  try {
    legion.heard(decodeAnnouncement(cipher.open(datagram)), "there", now);
    return true;
  } catch (error) {
    if (error instanceof DatagramError) return false;
    throw error;
  }
}

const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const anywhere = fc.noBias(fc.nat(0xffff));

/** Datagrams broken in all ways there are. */
function broken(originals: readonly Uint8Array[]) {
  const original = fc.constantFrom(...originals);
  const bytes = fc.uint8Array({ maxLength: 48 });
  const bits = fc.array(anywhere, { minLength: 1, maxLength: 4 });
  // Whole blocks are what a cipher in CBC mode can be given otherwise than they were made.
  const place = fc.tuple(anywhere, fc.constantFrom(1, 8, 16)).map(([at, step]) =>
    4 + at * step % 256
  );
  return fc.oneof(
    bytes,
    bytes.map((body) => joined(Uint8Array.of(109, body.length, 0, 0), body)),
    fc.tuple(original, bits).map(([datagram, bits]) => flipped(datagram, bits)),
    fc.tuple(original, anywhere).map(([datagram, at]) => datagram.slice(0, at % datagram.length)),
    fc.tuple(original, bytes).map(([datagram, more]) => joined(datagram, more)),
    fc.tuple(original, original, place, place).map(([one, other, end, start]) =>
      joined(one.subarray(0, end), other.subarray(start))
    ),
  );
}

/** Clear bodies that parse, with one value that no node would write. */
function hostile(bodies: readonly Uint8Array[]) {
  const texts = ["", "0", "-1", "1e3", "9007199254740991", "18446744073709551615", "9".repeat(20)];
  const uuids = ["\0".repeat(36), "\xff".repeat(36), `${selfUuid}:9007199254740991`];
  const value = fc.oneof(
    fc.constantFrom(...texts, ...uuids, "x".repeat(3_000)).map((text) =>
      Uint8Array.from(text, (character) => character.charCodeAt(0))
    ),
    fc.uint8Array({ maxLength: 40 }),
  );
  return fc.tuple(fc.constantFrom(...bodies), fc.nat(20), value).map(([body, which, value]) => {
    const pairs = decodePairs(body);
    const [key] = pairs[which % pairs.length];
    return encodePairs([...pairs, [key, value]]);
  });
}

function flipped(datagram: Uint8Array, bits: readonly number[]): Uint8Array {
  const copy = datagram.slice();
  for (const bit of bits) copy[(bit >> 3) % copy.length] ^= 1 << (bit & 7);
  return copy;
}

/** The second modifier means nothing to anybody. */
const withoutModifier2 = (datagram: Uint8Array) =>
  datagram.length < 4 ? datagram.toHex() : datagram.with(3, 0).toHex();

for (const { cipher: name, secret, packets } of [vectors.cases[0], vectors.cases[3]]) {
  const options: CipherOptions = { cipher: name as CipherOptions["cipher"], secret, iv: "" };
  const plain = await createCipher(options);
  const otherSecret = await createCipher({ ...options, secret: "another" });
  const otherIv = await createCipher({ ...options, iv: "another" });
  const auth = { legion: "failover", secret: "AUTH" };
  const captured = packets.map(({ datagram }) => Uint8Array.fromHex(datagram));
  const bodies = sayings().map(encodeAnnouncement);
  const foreign = [
    ...vectors.cases.filter((other) => other.secret !== secret)
      .flatMap(({ packets }) => packets.map(({ datagram }) => Uint8Array.fromHex(datagram))),
    ...bodies.map(otherSecret.seal),
    ...bodies.map(otherIv.seal),
    ...sayings().map((said) => plain.seal(encodeAnnouncement({ ...said, legion: "other" }))),
  ];

  Deno.test(`${name}, with legion-auth: whoever has no key changes nothing at all`, () => {
    const cipher = authenticated(plain, auth);
    const originals = bodies.map((body) => cipher.seal(body));
    const strangers = [
      ...foreign,
      ...captured,
      ...bodies.map((body) => plain.seal(body)),
      ...bodies.map((body) => authenticated(plain, { ...auth, secret: "OTHER" }).seal(body)),
      ...bodies.map((body) => authenticated(plain, { ...auth, legion: "other" }).seal(body)),
    ];
    const good = new Set(originals.map(withoutModifier2));
    const legion = lordOf();
    const before = seen(legion);
    const any = fc.oneof(
      { weight: 1, arbitrary: fc.constantFrom(...strangers) },
      { weight: 9, arbitrary: broken([...originals, ...strangers]) },
    );
    const property = fc.property(any, (datagram) => {
      fc.pre(!good.has(withoutModifier2(datagram)));
      assertEquals(takenIn(datagram, cipher, legion), false);
      assertEquals(seen(legion), before);
    });
    // One legion hears all: what comes after a failure would mean nothing.
    fc.assert(property, { numRuns: runs, endOnFailure: true });
    for (const said of sayings().slice(0, 4)) assert(legion.heard(said, "here", now).length > 0);
  });

  Deno.test(`${name}, without legion-auth: dropped, or taken in; members are bounded`, () => {
    const originals = [...captured, ...bodies.map((body) => plain.seal(body))];
    const legion = lordOf();
    let before = seen(legion);
    for (const datagram of foreign) assertEquals(takenIn(datagram, plain, legion), false);
    const property = fc.property(broken([...originals, ...foreign]), (datagram) => {
      const taken = takenIn(datagram, plain, legion);
      const after = seen(legion);
      if (!taken) assertEquals(after, before);
      before = after;
      assert(legion.view().members.length <= maxMembers);
    });
    fc.assert(property, { numRuns: runs, endOnFailure: true });
  });
}

Deno.test("whoever has the keys may say anything: it is dropped, or taken in", async () => {
  const bodies = sayings().map(encodeAnnouncement);
  const plain = await createCipher({ cipher: "bf-cbc", secret: "secret1", iv: "" });
  const sealing = authenticated(plain, { legion: "failover", secret: "AUTH" });
  const legion = lordOf();
  const property = fc.property(fc.oneof(broken(bodies), hostile(bodies)), (body) => {
    takenIn(sealing.seal(body), sealing, legion);
    assert(legion.view().members.length <= maxMembers);
  });
  fc.assert(property, { numRuns: runs, endOnFailure: true });
});

Deno.test("however many come and go, memory is bounded", async () => {
  const legion = lordOf();
  const cipher = await createCipher({ cipher: "aes-128-cbc", secret: "secret1", iv: "" });
  let strangers = 0;
  const round = () => {
    for (let n = 0; n < 1_000; n++) {
      const uuid = `${++strangers}`.padStart(36, "0");
      const said = { legion: "failover", uuid, unix, scroll: "x".repeat(1_000) };
      // One counts its announcements, one does not; the second time it leaves.
      for (const dead of [false, true]) {
        const seq = strangers % 2 * (dead ? 2 : 1);
        takenIn(
          cipher.seal(encodeAnnouncement(announcement({ ...said, seq, dead }))),
          cipher,
          legion,
        );
      }
    }
    return heapBytes();
  };
  round();
  const before = round();
  const after = [1, 2].map(round).at(-1) ?? 0;
  assert(after - before < 1_000_000, `${after - before} bytes more`);
});
