import { assertEquals } from "@std/assert";
import type { Upheld, UpheldMeans } from "../../lib/hooks/action.ts";
import { Upkeep } from "../../lib/node/upkeep.ts";

const one = { kind: "address", settings: "one" };
const two = { kind: "address", settings: "two" };
const none = { kind: "cmd", settings: "" };
const no = () => false;
const yes = () => true;

/** An upkeep of things that take note of what is done to them. */
function upkeep(undo: () => Promise<boolean> = () => Promise.resolve(true)) {
  const done: string[] = [];
  const log: string[] = [];
  const of = ({ kind, settings }: { kind: string; settings: unknown }): Upheld | undefined => {
    if (kind !== "address") return undefined;
    const name = String(settings);
    return {
      name,
      async keep({ signal }: UpheldMeans) {
        done.push(`keep ${name}`);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        done.push(`kept ${name}`);
      },
      async undo(signal) {
        if (signal.aborted) return false;
        done.push(`undo ${name}`);
        return await undo();
      },
      obstacles: () => Promise.resolve([`${name}: no device`]),
    };
  };
  const all = new Upkeep({
    leaseMs: () => 1_000,
    log: (level, message) => log.push(`${level} ${message}`),
    of,
  });
  return { all, done, log };
}

Deno.test("Upkeep: what a lord hook began is kept, and given up when the title may be another's", async () => {
  const { all, done, log } = upkeep();
  for (const action of [one, none]) {
    all.begins(action);
    all.ended(action);
  }
  all.settle(true, no);
  assertEquals(done, ["keep one"]);
  all.settle(false, no);
  await all.undone;
  assertEquals(done, ["keep one", "kept one", "undo one"]);
  all.settle(false, no);
  await all.undone;
  assertEquals(done.length, 3);
  assertEquals(log, ["info one: removed"]);
});

Deno.test("Upkeep: a hook that is still running is given up too, and not kept at its end", async () => {
  const { all, done } = upkeep();
  all.begins(one);
  all.settle(false, no);
  all.ended(one);
  await all.undone;
  assertEquals(done, ["undo one"]);
});

Deno.test("Upkeep: what is left at a start goes", async () => {
  const { all, done } = upkeep();
  all.begin([one, none, two], false);
  await all.undone;
  assertEquals(done, ["undo one", "undo two"]);
});

Deno.test("Upkeep: after a restart it stays while the node resumes, and goes if it does not take up", async () => {
  const { all, done } = upkeep();
  all.begin([one], true);
  all.settle(false, yes);
  await all.undone;
  assertEquals(done, []);
  all.settle(false, no);
  await all.undone;
  assertEquals(done, ["undo one"]);
});

Deno.test("Upkeep: after a restart the title that is taken up again counts from then on", async () => {
  const { all, done } = upkeep();
  all.begin([one], true);
  all.begins(one);
  all.ended(one);
  all.settle(false, yes);
  await all.undone;
  assertEquals(done, ["keep one", "kept one", "undo one"]);
});

Deno.test("Upkeep: at a restart nothing is given up, and nothing kept any more", async () => {
  const { all, done } = upkeep();
  all.begins(one);
  all.ended(one);
  all.letBe();
  all.settle(false, no);
  all.giveUp();
  await all.undone;
  assertEquals(done, ["keep one", "kept one"]);
});

Deno.test("Upkeep: a reload gives up what is no longer there, and a lord has what is new", async () => {
  const { all, done } = upkeep();
  all.begins(one);
  all.ended(one);
  all.replace([two], true);
  await all.undone;
  assertEquals(done, ["keep one", "keep two", "kept one", "undo one"]);
  all.replace([one, two], false);
  await all.undone;
  assertEquals(done.length, 4);
});

Deno.test("Upkeep: what cannot be removed is tried again, and told of once", async () => {
  let attempts = 0;
  const { all, log } = upkeep(() => {
    if (++attempts < 3) return Promise.reject(new Error("no rights"));
    return Promise.resolve(true);
  });
  all.begins(one);
  all.settle(false, no);
  await all.undone;
  assertEquals(attempts, 3);
  assertEquals(log, ["error one cannot be removed: no rights", "info one: removed"]);
});

Deno.test("Upkeep: what is wanted again is no longer removed", async () => {
  let attempts = 0;
  const { all, done } = upkeep(() => {
    attempts++;
    return Promise.reject(new Error("no rights"));
  });
  all.begins(one);
  all.settle(false, no);
  await new Promise((resolve) => setTimeout(resolve, 0));
  all.begins(one);
  all.ended(one);
  await all.undone;
  assertEquals(attempts, 1);
  assertEquals(done.at(-1), "keep one");
  all.letBe();
});

Deno.test("Upkeep: a look before tells what is in the way", async () => {
  const { all, log } = upkeep();
  await all.preflight([one, none]);
  assertEquals(log, ["warn preflight: one: no device"]);
});
