import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../lib/base/clock.ts";

Deno.test("it calls back at the time asked for, and not before", async () => {
  const at = systemClock.now().monotonicMs + 20;
  const called = await new Promise<number>((resolve) => {
    systemClock.at(at, () => resolve(systemClock.now().monotonicMs));
  });
  assert(called >= at);
});

Deno.test("a time that is past is now", async () => {
  await new Promise<void>((resolve) => {
    systemClock.at(-Infinity, resolve);
  });
});

Deno.test("what is called off, or never due, does not come", async () => {
  const calls: string[] = [];
  systemClock.at(Infinity, () => calls.push("never"));
  const now = systemClock.now().monotonicMs;
  systemClock.at(now + 5, () => calls.push("called off"))();
  await new Promise<void>((resolve) => {
    systemClock.at(now + 20, resolve);
  });
  assertEquals(calls, []);
});
