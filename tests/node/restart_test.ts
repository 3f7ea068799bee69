import { assertEquals, assertStringIncludes } from "@std/assert";
import { isSupervised, whyNoRestart } from "../../lib/node/restart.ts";

const supervised = { isSupervised: true, trial: () => Promise.resolve(undefined) };

Deno.test("whyNoRestart: a supervisor, a memory and a program that would come up are all it takes", async () => {
  assertEquals(await whyNoRestart(supervised, [{ name: "one" }, { name: "two" }]), undefined);
});

Deno.test("whyNoRestart: nothing would start the node again, and the program is not tried", async () => {
  const trial = () => Promise.reject(new Error("it was tried"));
  const why = await whyNoRestart({ isSupervised: false, trial }, [{ name: "one" }]);
  assertStringIncludes(why ?? "", "neither NOTIFY_SOCKET nor INVOCATION_ID");
  assertStringIncludes(why ?? "", "--force");
});

Deno.test("whyNoRestart: a legion whose notes cannot be kept is told by name", async () => {
  const legions = [{ name: "one" }, { name: "two", forgets: "the disk is full" }];
  const why = await whyNoRestart(supervised, legions);
  assertStringIncludes(why ?? "", "two: the next process would know nothing of this one");
  assertStringIncludes(why ?? "", "the disk is full");
});

Deno.test("whyNoRestart: the program that is installed now does not come up", async () => {
  const trial = () => Promise.resolve("it ends with exit status 2");
  assertEquals(
    await whyNoRestart({ isSupervised: true, trial }, [{ name: "one" }]),
    "it ends with exit status 2",
  );
});

const environments: [env: Record<string, string>, stdinIsTerminal: boolean, is: boolean][] = [
  [{}, false, false],
  [{ NOTIFY_SOCKET: "/run/systemd/notify" }, false, true],
  [{ INVOCATION_ID: "4711" }, false, true],
  [{ INVOCATION_ID: "" }, false, false],
  [{ INVOCATION_ID: "4711" }, true, false],
];
for (const [env, stdinIsTerminal, is] of environments) {
  const what = `${JSON.stringify(env)}${stdinIsTerminal ? " at a terminal" : ""}`;
  Deno.test(`isSupervised: ${what}: ${is}`, () => {
    assertEquals(isSupervised((name) => env[name], stdinIsTerminal), is);
  });
}
