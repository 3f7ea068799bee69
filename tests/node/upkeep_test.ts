import { assertEquals } from "@std/assert";
import type { Upheld, UpheldMeans, UpheldSight } from "../../lib/hooks/action.ts";
import { Upkeep } from "../../lib/node/upkeep.ts";

const one = { kind: "address", settings: "one" };
const two = { kind: "address", settings: "two" };
const none = { kind: "cmd", settings: "" };
const no = () => false;
const yes = () => true;

/** An upkeep of things that take note of what is done to them. */
function upkeep(
  undo: () => Promise<boolean> = () => Promise.resolve(true),
  look: (asks: boolean) => UpheldSight = () => ({ isHere: false, problems: [] }),
  hasLord: () => boolean = () => true,
) {
  const done: string[] = [];
  const log: string[] = [];
  const seen: string[] = [];
  let nextLook = Promise.withResolvers<void>();
  const of = ({ kind, settings }: { kind: string; settings: unknown }): Upheld | undefined => {
    if (kind !== "address") return undefined;
    const name = String(settings);
    return {
      name,
      ip: name,
      async keep({ signal, seen }: UpheldMeans) {
        done.push(`keep ${name}`);
        seen({ isHere: true, problems: [] });
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        done.push(`kept ${name}`);
      },
      async undo(signal) {
        if (signal.aborted) return false;
        done.push(`undo ${name}`);
        return await undo();
      },
      look: (asks) => Promise.resolve(look(asks)),
    };
  };
  const all = new Upkeep({
    leaseMs: () => 1_000,
    log: (level, message) => log.push(`${level} ${message}`),
    seen: (ip, { isHere, problems }) => seen.push(`${ip} ${isHere} ${problems ?? ""}`.trim()),
    hasLord,
    of,
    wait: () => nextLook.promise,
  });
  /** Lets the next look come, and waits until it is over. */
  const looks = async () => {
    const { resolve } = nextLook;
    nextLook = Promise.withResolvers();
    resolve();
    await new Promise((resolve) => setTimeout(resolve, 0));
    await all.undone;
  };
  return { all, done, log, seen, looks };
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
  const { all, log, seen } = upkeep(() => {
    if (++attempts < 3) return Promise.reject(new Error("no rights"));
    return Promise.resolve(true);
  });
  all.begins(one);
  all.settle(false, no);
  await all.undone;
  assertEquals(attempts, 3);
  assertEquals(log, [
    "error one: it cannot be removed: no rights",
    "info one: removed",
    "info one: no longer so: it cannot be removed: no rights",
  ]);
  assertEquals([seen.at(-2), seen.at(-1)], [
    "one true it cannot be removed: no rights",
    "one false",
  ]);
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

Deno.test("Upkeep: looks tell what is in the way, once, and when it no longer is", async () => {
  let problems = ["no device"];
  const { all, log, seen, looks } = upkeep(undefined, () => ({ isHere: false, problems }));
  all.begin([one, none], true);
  all.giveUp();
  await all.undone;
  const watching = all.watch();
  await looks();
  await looks();
  problems = [];
  await looks();
  all.close();
  await looks();
  await watching;
  const [, ...told] = log;
  assertEquals(told, ["warn one: no device", "info one: no longer so: no device"]);
  assertEquals([...new Set(seen)], ["one false", "one undefined no device", "one undefined"]);
});

Deno.test("Upkeep: what has come here by other means goes, but for a node that may have it", async () => {
  const sight = { isHere: true, problems: [] };
  const { all, done, log, looks } = upkeep(undefined, () => sight);
  all.begin([one], true);
  const watching = all.watch();
  await looks();
  assertEquals(done, []);
  all.settle(false, no);
  await all.undone;
  assertEquals(done, ["undo one"]);
  await looks();
  assertEquals(done, ["undo one", "undo one"]);
  assertEquals(log.slice(1), [
    "warn one: it is here, and this node is not lord",
    "info one: removed",
  ]);
  all.begins(one);
  all.ended(one);
  await looks();
  assertEquals(done.slice(2), ["keep one"]);
  all.close();
  all.letBe();
  await looks();
  await watching;
});

Deno.test("Upkeep: while no lord is heard it is asked who else has the address", async () => {
  let hasLord = false;
  const other = "e2:62:48:44:4e:57";
  const look = (asks: boolean) => ({ isHere: false, problems: [], ...asks && { other } });
  const { all, log, looks } = upkeep(undefined, look, () => hasLord);
  all.begin([one], true);
  all.giveUp();
  await all.undone;
  const watching = all.watch();
  await looks();
  hasLord = true;
  await looks();
  all.close();
  await looks();
  await watching;
  const taken = `one: another machine has it, and no lord is heard: ${other}`;
  const [, ...told] = log;
  assertEquals(told, [`warn ${taken}`, `info ${taken.replace("one:", "one: no longer so:")}`]);
});
