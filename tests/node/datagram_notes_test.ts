import { assertEquals } from "@std/assert";
import { DatagramError } from "../../lib/legion/datagram_error.ts";
import { announcement } from "../legion/announcement.ts";
import { DatagramNotes } from "../../lib/node/datagram_notes.ts";

const peer = { host: "10.0.0.2", port: 2000 };

function notesOf(...voters: string[]) {
  const lines: string[] = [];
  let nowMs = 0;
  const clock = {
    now: () => ({ monotonicMs: nowMs, wallMs: nowMs }),
    at: () => () => {},
  };
  const log = (level: string, message: string) => lines.push(`${level} ${message}`);
  const notes = new DatagramNotes(voters, { clock, log });
  return { notes, lines, pass: (ms: number) => nowMs += ms };
}

Deno.test("a drop is counted by its reason, and logged once a minute for each sender", () => {
  const { notes, lines, pass } = notesOf();
  const late = new DatagramError("stale", "it is 90 s old");
  for (let i = 0; i < 3; i++) notes.dropped(peer, late);
  notes.dropped({ ...peer, port: 7 }, late);
  notes.dropped(peer, new TypeError("a mistake"));
  pass(60_000);
  notes.dropped(peer, late);
  assertEquals(Object.fromEntries(notes.drops.counts), { stale: 5, internal: 1 });
  assertEquals(lines, [
    "warn dropped a datagram from 10.0.0.2:2000: it is 90 s old",
    "warn dropped a datagram from 10.0.0.2:2000: a mistake",
    "warn dropped a datagram from 10.0.0.2:2000: it is 90 s old",
  ]);
});

Deno.test("a datagram that cannot be sent, and a node with a lease beside one without, are told", () => {
  const { notes, lines } = notesOf();
  for (let i = 0; i < 2; i++) notes.unsent(peer, "no route");
  for (let i = 0; i < 2; i++) notes.leased("b", peer);
  assertEquals(lines, [
    "warn cannot send to 10.0.0.2:2000: no route",
    "error legion-lease is off here, and not at b: where it is on, this node is ignored",
  ]);
});

Deno.test("only voters are noted as heard, and one that is no longer listed is forgotten", () => {
  const { notes } = notesOf("10.0.0.2:2000", "10.0.0.3:2000");
  const heard = () => [...notes.nodes.byNode.keys()];
  for (const voter of ["10.0.0.2:2000", "10.0.0.3:2000", "10.9.9.9:2000"]) {
    notes.hear(announcement(), voter);
  }
  assertEquals(heard(), ["10.0.0.2:2000", "10.0.0.3:2000"]);
  notes.reconfigure(["10.0.0.3:2000"]);
  assertEquals(heard(), ["10.0.0.3:2000"]);
});
