import { assertEquals } from "@std/assert";
import { Outbox } from "../../lib/legion/effects.ts";
import { HookQueue } from "../../lib/legion/hook_queue.ts";
import { Lordship } from "../../lib/legion/lordship.ts";

function setUp() {
  const hooks = new HookQueue();
  const out = new Outbox();
  return { hooks, out, lordship: new Lordship(hooks, out, "a") };
}

const now = { monotonicMs: 0, wallMs: 1_795_355_101_999 };

Deno.test("lord hooks, lord, unlord hooks, nothing", () => {
  const { hooks, lordship } = setUp();
  const states = [lordship.state];
  const note = () => states.push(lordship.state);
  lordship.take();
  note();
  assertEquals(hooks.next()?.event, "lord");
  hooks.ended();
  lordship.taken(now);
  note();
  assertEquals(lordship.since, 1_795_355_101);
  lordship.release("for a reason");
  note();
  assertEquals([hooks.next()?.event, lordship.since], ["unlord", 0]);
  lordship.forget();
  note();
  assertEquals(states, ["none", "taking over", "lord", "releasing", "none"]);
});

Deno.test("taking or releasing twice asks for the hooks once", () => {
  const { hooks, lordship } = setUp();
  lordship.take();
  lordship.take();
  hooks.next();
  hooks.ended();
  assertEquals(hooks.next(), undefined);
  lordship.taken(now);
  lordship.release("for a reason");
  lordship.release("for a reason");
  lordship.take();
  hooks.next();
  hooks.ended();
  assertEquals([hooks.next(), lordship.state], [undefined, "releasing"]);
});

Deno.test("running lord hooks are aborted, waiting ones are forgotten", () => {
  const running = setUp();
  running.lordship.take();
  running.hooks.next();
  running.lordship.release("for a reason");
  assertEquals(running.out.take().some(({ type }) => type === "abortHooks"), true);
  assertEquals(running.lordship.state, "releasing");

  const waiting = setUp();
  waiting.lordship.take();
  waiting.lordship.release("for a reason");
  assertEquals(waiting.out.take().some(({ type }) => type === "abortHooks"), false);
  assertEquals([waiting.lordship.state, waiting.hooks.next()], ["none", undefined]);
});
