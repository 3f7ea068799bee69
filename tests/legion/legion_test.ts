import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Announcement,
  decodeAnnouncement,
  encodeAnnouncement,
} from "../../lib/legion/announcement.ts";
import { configMark } from "../../lib/legion/config_mark.ts";
import { DatagramError, type DropReason } from "../../lib/legion/datagram_error.ts";
import type { Effect } from "../../lib/legion/effects.ts";
import { Legion } from "../../lib/legion/legion.ts";
import type { LegionOptions } from "../../lib/legion/options.ts";
import { announcement } from "./announcement.ts";
import { legionOptions } from "./legion_options.ts";
import { play } from "./transcript.ts";

// With REWRITE=1 in the environment the answers in the transcripts are written anew, to be read
// in the diff.
const rewrite = Deno.env.get("REWRITE") === "1";
const folder = new URL("./transcripts/", import.meta.url);

for (const { name } of Deno.readDirSync(folder)) {
  if (!name.endsWith(".txt")) continue;
  Deno.test(`transcript: ${name.replace(".txt", "").replaceAll("_", " ")}`, () => {
    const file = new URL(name, folder);
    const transcript = Deno.readTextFileSync(file);
    const played = play(transcript);
    if (rewrite) Deno.writeTextFileSync(file, played);
    else assertEquals(played, transcript);
  });
}

const options = legionOptions({
  name: "a",
  pid: 1,
  valor: 10,
  node: "a:2000",
  scroll: "a scroll",
  newUuid: () => "a".repeat(36),
});
const wallMs = 1_795_355_101_500;

function started(changed: Partial<LegionOptions> = {}) {
  const legion = new Legion({ ...options, ...changed });
  legion.start({ monotonicMs: 0, wallMs });
  const effects = legion.hooksEnded({ event: "setup", ok: true }, { monotonicMs: 0, wallMs });
  return { legion, effects };
}

const peer = announcement({
  valor: 20,
  unix: Math.floor(wallMs / 1000),
  name: "b",
  pid: 2,
  uuid: "b".repeat(36),
});

/** An announcement, as its hearers read it. */
function overTheWire(said: Announcement): Announcement {
  return decodeAnnouncement(encodeAnnouncement(said));
}

Deno.test("the first announcement votes for nobody", () => {
  const [first] = started().effects;
  assert(first.type === "announce");
  assertEquals([overTheWire(first.announcement), first.also], [
    announcement({
      unix: 1_795_355_101,
      scroll: "a scroll",
      seq: 1,
      node: "a:2000",
      config: configMark(options.voters, options.quorum),
      hears: 1n,
    }),
    [],
  ]);
});

const refused: [what: string, said: Announcement, reason: DropReason][] = [
  ["another legion's", { ...peer, legion: "other" }, "legion"],
  ["older than the skew tolerance", { ...peer, unix: peer.unix - 60 }, "stale"],
  ["from beyond the skew tolerance", { ...peer, unix: peer.unix + 61 }, "future"],
];
for (const [what, said, reason] of refused) {
  Deno.test(`an announcement is dropped: ${what}`, () => {
    const { legion } = started();
    const now = { monotonicMs: 10, wallMs };
    const error = assertThrows(() => legion.heard(said, "", now), DatagramError);
    assertEquals([error.reason, legion.view().members], [reason, []]);
  });
}

Deno.test("with legion-lease = on a node that counts no seq is dropped, and is told why", () => {
  const { legion } = started({ lease: "on" });
  const now = { monotonicMs: 10, wallMs };
  const error = assertThrows(() => legion.heard(peer, "", now), DatagramError, "comes from uWSGI");
  assertEquals([error.reason, legion.view().members], ["unleased", []]);
  legion.heard({ ...peer, seq: 1 }, "", now);
  assertEquals(legion.view().members.length, 1);
});

Deno.test("a clock within the skew tolerance is good enough", () => {
  for (const seconds of [-59, 60]) {
    const { legion } = started();
    legion.heard({ ...peer, unix: peer.unix + seconds }, "", { monotonicMs: 10, wallMs });
    assertEquals(legion.view().members.length, 1);
  }
});

Deno.test("one's own announcement, come back by multicast, is nothing", () => {
  const { legion, effects } = started();
  const [own] = effects;
  const said = own.type === "announce" ? own.announcement : peer;
  assertEquals(legion.heard(said, "", { monotonicMs: 10, wallMs }), []);
  assertEquals(legion.view().members, []);
});

Deno.test("the words of a node under a uuid that it has given up do not make it a member", () => {
  let uuids = 0;
  const changed = { deathOnLordErrorMs: 500, quorum: 1, voters: ["a:2000"] };
  const { legion, effects } = started({
    ...changed,
    newUuid: () => `${++uuids}`.padStart(36, "u"),
  });
  const said: Announcement[] = [];
  const heed = (effects: Effect[]) => {
    for (const effect of effects) if (effect.type === "announce") said.push(effect.announcement);
  };
  heed(effects);
  const at = (monotonicMs: number) => ({ monotonicMs, wallMs: wallMs + monotonicMs });
  heed(legion.tick(at(1000)));
  heed(legion.hooksEnded({ event: "join", ok: true }, at(1000)));
  heed(legion.hooksEnded({ event: "lord", ok: false }, at(1010)));
  heed(legion.tick(at(1030)));
  assertEquals([legion.view().phase, legion.view().valor, uuids], ["voting", 0, 2]);
  heed(legion.tick(at(1510)));
  assertEquals([legion.view().valor, uuids], [10, 3]);
  const former = said.filter(({ uuid, dead }) => !dead && uuid !== legion.view().uuid);
  assertEquals(new Set(former.map(({ uuid }) => uuid)).size, 2);
  // Those that come back to it, as where it lists itself, are nothing.
  for (const each of former) {
    assertEquals([legion.heard(each, "", at(1520)), legion.view().members], [[], []]);
    const copied = { ...each, pid: each.pid + 1 };
    const error = assertThrows(() => legion.heard(copied, "", at(1520)), DatagramError);
    assertEquals([error.reason, legion.view().members], ["replayed", []]);
  }
});

Deno.test("a farewell of one who was no member changes nothing", () => {
  const { legion } = started();
  const effects = legion.heard({ ...peer, dead: true }, "", { monotonicMs: 10, wallMs });
  assertEquals([effects.map(({ type }) => type), legion.view().members], [["wakeAt"], []]);
});

Deno.test("a change is told, and nothing where only the time is another", () => {
  const { legion } = started();
  const changes = (changed: Partial<Announcement>) =>
    legion.heard({ ...peer, ...changed }, "", { monotonicMs: 10, wallMs })
      .some(({ type }) => type === "changed");
  assertEquals([changes({ seq: 1 }), changes({ seq: 2 })], [true, false]);
  assertEquals([changes({ seq: 3, lord: 1 }), changes({ seq: 4, lord: 1 })], [true, false]);
  assertEquals([changes({ seq: 5, dead: true })], [true]);
});

Deno.test("members are bounded; those who are in may stay and leave", () => {
  const { legion } = started();
  const now = { monotonicMs: 10, wallMs };
  const nth = (n: number) => ({ ...peer, uuid: `${n}`.padStart(36, "0") });
  for (let n = 0; n < 1000; n++) legion.heard(nth(n), "", now);
  assertEquals(
    assertThrows(() => legion.heard(nth(1000), "", now), DatagramError).reason,
    "crowded",
  );
  legion.heard({ ...nth(7), lord: 1 }, "", now);
  legion.heard({ ...nth(7), dead: true }, "", now);
  legion.heard(nth(1000), "", now);
  assertEquals(legion.view().members.length, 1000);
});

Deno.test("it wakes for whatever comes first: the first round's end, a silent member, its tick", () => {
  const { legion } = started({ freqMs: 1000, toleranceMs: 1500, lease: "off" });
  const wake = (effects: Effect[]) => {
    const last = effects.at(-1);
    return last?.type === "wakeAt" ? last.monotonicMs : undefined;
  };
  assertEquals(wake(legion.heard(peer, "", { monotonicMs: 100, wallMs })), 1000);
  assertEquals(wake(legion.tick({ monotonicMs: 1000, wallMs })), 1600);
  assertEquals(wake(legion.tick({ monotonicMs: 1600, wallMs })), 2600);
  assertEquals(legion.view().members, []);
});

Deno.test("once gone it does nothing more", () => {
  const { legion } = started();
  const now = { monotonicMs: 10, wallMs };
  legion.stop(now);
  legion.hooksEnded({ event: "death", ok: true }, now);
  for (const monotonicMs of [30, 50]) legion.tick({ monotonicMs, wallMs });
  assertEquals(legion.view().phase, "gone");
  const after = { monotonicMs: 1000, wallMs };
  assertEquals(
    [
      legion.tick(after),
      legion.heard(peer, "", after),
      legion.stop(after),
      legion.hooksEnded({ event: "lord", ok: true }, after),
    ],
    [[], [], [], []],
  );
});
