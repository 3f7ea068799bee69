import { assertEquals } from "@std/assert";
import { Drops } from "../../lib/node/drops.ts";

Deno.test("all are counted by reason, one a minute is logged for each reason and sender", () => {
  const drops = new Drops();
  const logged = [
    drops.count("size", "1.1.1.1", 0),
    drops.count("size", "1.1.1.1", 59_999),
    drops.count("size", "2.2.2.2", 59_999),
    drops.count("stale", "1.1.1.1", 59_999),
    drops.count("size", "1.1.1.1", 60_000),
  ];
  assertEquals(logged, [true, false, true, true, true]);
  assertEquals([...drops.counts], [["size", 4], ["stale", 1]]);
});

Deno.test("made-up senders fill neither the memory nor the log", () => {
  const drops = new Drops();
  let logged = 0;
  for (let i = 0; i < 10_000; i++) logged += Number(drops.count("size", `sender ${i}`, i));
  assertEquals([logged, drops.counts.get("size")], [100, 10_000]);
  assertEquals(drops.count("size", "another", 70_000), true);
});
