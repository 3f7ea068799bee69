import { assertEquals } from "@std/assert";
import { Outbox } from "../../lib/legion/effects.ts";
import { HookQueue } from "../../lib/legion/hook_queue.ts";
import { Lordship } from "../../lib/legion/lordship.ts";

function setUp() {
  const hooks = new HookQueue();
  const out = new Outbox();
  return { hooks, out, lordship: new Lordship(hooks, out, "a") };
}

const loss = { why: "for a reason", isPlanned: false };
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
  lordship.release(loss);
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
  lordship.release(loss);
  lordship.release(loss);
  lordship.take();
  hooks.next();
  hooks.ended();
  assertEquals([hooks.next(), lordship.state], [undefined, "releasing"]);
});

Deno.test("running lord hooks are aborted, waiting ones are forgotten", () => {
  const running = setUp();
  running.lordship.take();
  running.hooks.next();
  running.lordship.release(loss);
  assertEquals(running.out.take().some(({ type }) => type === "abortHooks"), true);
  assertEquals(running.lordship.state, "releasing");

  const waiting = setUp();
  waiting.lordship.take();
  waiting.lordship.release(loss);
  assertEquals(waiting.out.take().some(({ type }) => type === "abortHooks"), false);
  assertEquals([waiting.lordship.state, waiting.hooks.next()], ["none", undefined]);
});

for (const [isPlanned, level] of [[true, "info"], [false, "warn"]] as const) {
  Deno.test(`a title that is lost ${isPlanned ? "as planned" : "otherwise"} is told at ${level}`, () => {
    const told = ({ out, hooks, lordship }: ReturnType<typeof setUp>) => {
      out.take();
      hooks.next();
      lordship.release({ why: "drained", isPlanned });
      return out.take().flatMap((effect) => effect.type === "log" ? [effect] : []);
    };
    const lord = setUp();
    lord.lordship.take();
    lord.hooks.next();
    lord.hooks.ended();
    lord.lordship.taken(now);
    const message = "this node is no longer the lord: drained";
    assertEquals(told(lord), [{ type: "log", level, message }]);
    const takingOver = setUp();
    takingOver.lordship.take();
    const aborting = "aborting the lord hooks: drained";
    assertEquals(told(takingOver), [{ type: "log", level, message: aborting }]);
    const resuming = setUp();
    resuming.lordship.resume("lord");
    const again = "this node does not take up again: drained";
    assertEquals(told(resuming), [{ type: "log", level, message: again }]);
  });
}
