import { assert, assertEquals, assertMatch } from "@std/assert";
import { outputOf } from "../../../lib/node/memory/_child.ts";
import { mayBeContainer } from "../../../lib/node/memory/_container.ts";
import { readBoot } from "../../../lib/node/memory/boot.ts";

Deno.test({
  name: "readBoot: the ids are the same at each reading, and the time since boot goes on",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const [one, two] = await Promise.all([readBoot(), readBoot()]);
    assertMatch(one.id!, /^[0-9a-f-]{36}$/);
    assertEquals([one.id, one.machine], [two.id, two.machine]);
    assert(Number.isInteger(one.uptimeSeconds()) && one.uptimeSeconds() > 0);
  },
});

Deno.test("readBoot: an id that has been read is taken, and none but an id", async () => {
  const id = crypto.randomUUID();
  assertEquals((await readBoot(id)).id, id);
  const own = (await readBoot()).id;
  for (const none of ["", "yes", `${id}\n`, id.toUpperCase()]) {
    assertEquals((await readBoot(none)).id, own);
  }
});

Deno.test("outputOf: a command that is not there, fails or says nothing is no answer", async () => {
  assertEquals(await outputOf("failover-no-such-command", []), "");
  assertEquals(await outputOf("cat", ["/no/such/file"]), "");
  assertEquals(await outputOf("true", []), "");
  assertEquals(await outputOf("echo", ["yes"]), "yes");
});

Deno.test("outputOf: a command that hangs is ended after two seconds", async () => {
  const begun = performance.now();
  assertEquals(await outputOf("sleep", ["60"]), "");
  assert(performance.now() - begun < 10_000);
});

Deno.test("mayBeContainer: no where nothing speaks for one, and where it is not known, maybe", async () => {
  const bare = {
    env: () => undefined,
    exists: () => false,
    pidNamespace: () => Promise.resolve("pid:[4026531836]"),
  };
  assertEquals(await mayBeContainer(bare), false);
  const others = [
    { env: (name: string) => name === "container" ? "lxc" : undefined },
    { exists: (path: string) => path === "/.dockerenv" },
    { pidNamespace: () => Promise.resolve("pid:[4026532500]") },
    { pidNamespace: () => Promise.resolve("") },
  ];
  for (const other of others) assertEquals(await mayBeContainer({ ...bare, ...other }), true);
});
