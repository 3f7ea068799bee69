import { assertEquals } from "@std/assert";
import { StopNotes } from "../../lib/node/stop_notes.ts";
import { HandClock } from "../lab/hand_clock.ts";

Deno.test("StopNotes: a late wake-up is told, once in 10 s, and a short one not", () => {
  const clock = new HandClock();
  const lines: string[] = [];
  const notes = new StopNotes({ clock, log: (level, text) => lines.push(`${level}: ${text}`) });
  notes.woke(900, 3000);
  assertEquals(lines, []);
  notes.woke(7200, 3000);
  const line = "warn: this process did not run for 7.2 s: stopped, or the machine is busy";
  assertEquals(lines, [line]);
  notes.woke(7200, 3000);
  assertEquals(lines.length, 1);
  clock.pass(10_000);
  notes.woke(7200, 3000);
  assertEquals(lines, [line, line]);
  clock.pass(10_000);
  notes.woke(99, 60);
  assertEquals(lines.length, 2);
});
