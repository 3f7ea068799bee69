import { assert, assertEquals } from "@std/assert";
import { alarm, lightenAlarms } from "../../lib/base/alarm.ts";

for (const lightMs of [0, 60_000]) {
  Deno.test({
    name: `alarm: it comes, or is called off, ${lightMs > 0 ? "without" : "with"} setTimeout`,
    // Called off, an alarm without it still ends only at its time.
    sanitizeOps: lightMs === 0,
    async fn() {
      const { setTimeout } = globalThis;
      const asked: number[] = [];
      globalThis.setTimeout = ((callback: () => void, ms: number) => {
        asked.push(ms);
        return setTimeout(callback, ms);
      }) as unknown as typeof setTimeout;
      lightenAlarms(lightMs);
      try {
        const calls: string[] = [];
        const begunMs = performance.now();
        alarm(5, () => calls.push("called off"))();
        alarm(Infinity, () => calls.push("never"))();
        await new Promise<void>((resolve) => alarm(20, resolve));
        assert(performance.now() - begunMs >= 19);
        assertEquals(calls, []);
        assertEquals(asked.length, lightMs > 0 ? 0 : 3);
      } finally {
        lightenAlarms(0);
        globalThis.setTimeout = setTimeout;
      }
    },
  });
}
