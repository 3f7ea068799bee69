import { assertEquals, assertMatch } from "@std/assert";
import { KnownAddresses } from "../../../lib/move/known_addresses.ts";
import { keepNames, recallNames } from "../../../lib/node/memory/names_file.ts";

async function inFolder(run: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("names: the next process knows what one has learned", () =>
  inFolder((folder) => {
    const before = new KnownAddresses();
    const told: string[] = [];
    assertEquals(recallNames(before, folder), undefined);
    keepNames(before, folder, (why) => told.push(why));
    before.note("robot.test", "1.2.3.4");
    before.note("cloud.test", "2001:db8::1");
    before.note("robot.test", "5.6.7.8");
    const after = new KnownAddresses();
    assertEquals(recallNames(after, folder), undefined);
    assertEquals(after.addressOf("robot.test"), "5.6.7.8");
    assertEquals(after.addressOf("cloud.test"), "2001:db8::1");
    assertEquals([told, Deno.statSync(`${folder}/names`).mode! & 0o777], [[], 0o600]);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["names"]);
  }));

Deno.test("names: a file that cannot be used is told, and does no harm", () =>
  inFolder(async (folder) => {
    const path = `${folder}/names`;
    const texts = [
      "",
      "{",
      "[]",
      '{"version":2,"addresses":[]}',
      '{"version":1}',
      '{"version":1,"addresses":[7]}',
      '{"version":1,"addresses":[{"name":"a.test"}]}',
      `{"version":1,"addresses":[{"name":"a.test","address":["1.1.1.1"]}]}`,
    ];
    for (const text of texts) {
      Deno.writeTextFileSync(path, text);
      const known = new KnownAddresses();
      assertMatch(recallNames(known, folder) ?? "", /\/names is not used: /, text);
      assertEquals(known.addressOf("a.test"), undefined);
    }
    Deno.writeFileSync(path, new Uint8Array(2_000_000));
    assertMatch(recallNames(new KnownAddresses(), folder) ?? "", /larger than 1 MiB/);
    Deno.removeSync(path);
    await new Deno.Command("mkfifo", { args: [path] }).output();
    assertMatch(recallNames(new KnownAddresses(), folder) ?? "", /it is a pipe/);
  }));

Deno.test("names: what cannot be kept is told once, and goes on in the process", () =>
  inFolder((folder) => {
    const known = new KnownAddresses();
    const told: string[] = [];
    keepNames(known, `${folder}/nowhere`, (why) => told.push(why));
    for (const address of ["1.1.1.1", "2.2.2.2"]) known.note("robot.test", address);
    assertEquals([told.length, known.addressOf("robot.test")], [1, "2.2.2.2"]);
    assertMatch(told[0], /\/nowhere\/names cannot be kept: /);
  }));
