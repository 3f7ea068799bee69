import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readFile, readFileAsync } from "../../lib/base/read_file.ts";

async function setUp() {
  const folder = await Deno.makeTempDir();
  const fifo = `${folder}/fifo`;
  await new Deno.Command("mkfifo", { args: [fifo] }).output();
  return {
    folder,
    fifo,
    async write(bytes: Uint8Array) {
      await Deno.writeFile(`${folder}/file`, bytes);
      return `${folder}/file`;
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function assertRefused(path: string, reason: string): Promise<void> {
  assertEquals(assertThrows(() => readFile(path), Error).message, reason);
  assertEquals((await assertRejects(() => readFileAsync(path), Error)).message, reason);
}

Deno.test("a file is read whole, up to 1 MiB", async () => {
  await using setup = await setUp();
  for (const size of [0, 1, 1024 * 1024]) {
    const bytes = new Uint8Array(size).fill(120);
    const file = await setup.write(bytes);
    assertEquals(readFile(file), bytes);
    assertEquals(await readFileAsync(file), bytes);
  }
  const file = await setup.write(new Uint8Array(1024 * 1024 + 1));
  await assertRefused(file, "it is larger than 1 MiB");
});

Deno.test("a link leads to its file", async () => {
  await using setup = await setUp();
  const file = await setup.write(new Uint8Array([1]));
  await Deno.symlink(file, `${setup.folder}/link`);
  assertEquals(readFile(`${setup.folder}/link`), new Uint8Array([1]));
});

Deno.test("what is no file is refused at once, and named", async () => {
  await using setup = await setUp();
  const { folder, fifo } = setup;
  await assertRefused(`${folder}/nothing`, "there is no such file");
  await assertRefused(folder, "it is a folder, not a file");
  await assertRefused("/dev/zero", "it is a device, not a file");
  // Nobody writes to it.
  await assertRefused(fifo, "it is a pipe, not a file");
  using _listener = Deno.listen({ transport: "unix", path: `${folder}/socket` });
  await assertRefused(`${folder}/socket`, "it is a socket, not a file");
});

Deno.test("a pipe that somebody writes to is no file either", async () => {
  await using setup = await setUp();
  const args = ["-c", 'exec sleep 60 > "$0"', setup.fifo];
  const writer = new Deno.Command("sh", { args }).spawn();
  await assertRefused(setup.fifo, "it is a pipe, not a file");
  writer.kill("SIGKILL");
  await writer.status;
});
