import { assertEquals, assertMatch, assertNotEquals, assertThrows } from "@std/assert";
import { isThere, makeAll, newSecret } from "../../../lib/cli/init/_files.ts";
import { UsageError } from "../../../lib/cli/usage_error.ts";

Deno.test("all files are made, or none: one that is there already stays as it is", async () => {
  const folder = await Deno.makeTempDir();
  const files = ["a", "b", "c"].map((name) => ({ path: `${folder}/${name}`, text: "new" }));
  try {
    Deno.writeTextFileSync(files[1].path, "old");
    assertThrows(() => makeAll(files), UsageError, `${files[1].path} is there already`);
    assertEquals(Deno.readTextFileSync(files[1].path), "old");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["b"]);

    Deno.removeSync(files[1].path);
    makeAll(files);
    assertEquals(files.map(({ path }) => Deno.readTextFileSync(path)), ["new", "new", "new"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a link that leads nowhere is there, and nothing is written through it", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/link`;
  try {
    await Deno.symlink(`${folder}/elsewhere`, path);
    assertEquals([isThere(path), isThere(`${folder}/elsewhere`)], [true, false]);
    assertThrows(() => makeAll([{ path, text: "new" }]), UsageError, "is there already");
    assertEquals(isThere(`${folder}/elsewhere`), false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("each secret is another, of 43 characters that an INI file takes as they are", () => {
  const secret = newSecret();
  assertMatch(secret, /^[\w-]{43}$/);
  assertNotEquals(secret, newSecret());
});
