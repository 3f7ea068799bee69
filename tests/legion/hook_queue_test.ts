import { assertEquals } from "@std/assert";
import { HookQueue } from "../../lib/legion/hook_queue.ts";

Deno.test("one event at a time, in the order they came", () => {
  const queue = new HookQueue();
  queue.add({ event: "join", node: "a" });
  queue.add({ event: "lord", node: "a" });
  assertEquals(queue.next()?.event, "join");
  assertEquals(queue.next(), undefined);
  assertEquals(queue.running?.event, "join");
  queue.ended();
  assertEquals(queue.next()?.event, "lord");
});

Deno.test("members coming and going wait until nothing else does", () => {
  const queue = new HookQueue();
  queue.add({ event: "node-left", node: "b" });
  queue.add({ event: "node-joined", node: "c" });
  queue.add({ event: "lord", node: "a" });
  const order = [];
  for (let call = queue.next(); call; call = queue.next()) {
    order.push(`${call.event} ${call.node}`);
    queue.ended();
  }
  assertEquals(order, ["lord a", "node-left b", "node-joined c"]);
});

Deno.test("what waits can be taken back, what runs cannot", () => {
  const queue = new HookQueue();
  queue.add({ event: "join", node: "a" });
  queue.add({ event: "lord", node: "a" });
  queue.next();
  assertEquals([queue.drop("join"), queue.drop("lord"), queue.drop("lord")], [false, true, false]);
  queue.add({ event: "unlord", node: "a" });
  queue.add({ event: "death", node: "a" });
  queue.add({ event: "node-left", node: "b" });
  queue.clear("unlord");
  queue.ended();
  assertEquals(queue.next()?.event, "unlord");
  queue.add({ event: "death", node: "a" });
  queue.clear();
  queue.ended();
  assertEquals(queue.next(), undefined);
});

Deno.test("of very many waiting notices the newest are kept", () => {
  const queue = new HookQueue();
  for (let i = 0; i < 1000; i++) queue.add({ event: "node-left", node: `${i}` });
  let count = 0;
  let first;
  for (let call = queue.next(); call; call = queue.next()) {
    first ??= call.node;
    count++;
    queue.ended();
  }
  assertEquals([first, count], ["900", 100]);
});
