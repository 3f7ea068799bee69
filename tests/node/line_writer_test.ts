import { assert, assertEquals } from "@std/assert";
import { LineWriter } from "../../lib/node/line_writer.ts";

/** A sink that takes a write only when it is let. */
function gatedSink() {
  const gate = Promise.withResolvers<void>();
  let text = "";
  return {
    open: gate.resolve,
    break: gate.reject,
    text: () => text,
    async write(bytes: Uint8Array) {
      await gate.promise;
      // As much as a pipe may take at a time.
      const taken = bytes.subarray(0, 7);
      text += new TextDecoder().decode(taken);
      return taken.length;
    },
  };
}

Deno.test("lines come out whole and in their order", async () => {
  const sink = gatedSink();
  const writer = new LineWriter(sink);
  for (const line of ["one\n", "a longer one\n", "three\n"]) writer.write(line);
  assertEquals(sink.text(), "");
  sink.open();
  await writer.flush();
  assertEquals(sink.text(), "one\na longer one\nthree\n");
});

Deno.test("a reader that does not read costs lines, and they are counted", async () => {
  const sink = gatedSink();
  const writer = new LineWriter(sink);
  for (let i = 0; i < 1_205; i++) writer.write(`${i}\n`);
  sink.open();
  await writer.flush();
  const lines = sink.text().split("\n");
  assertEquals(lines.slice(0, 3), ["0", "1", "2"]);
  const lost = Number(/^\((\d+) lines were lost/.exec(lines.at(-2)!)?.[1]);
  assertEquals(lines.length - 2 + lost, 1_205);
  assert(lost > 200);
});

Deno.test("a reader that is gone is no error", async () => {
  const sink = gatedSink();
  const writer = new LineWriter(sink);
  writer.write("one\n");
  sink.break(new Deno.errors.BrokenPipe());
  await writer.flush();
  writer.write("two\n");
  await writer.flush();
  assertEquals(sink.text(), "");
});

Deno.test("of a reader that is gone nothing is asked again", async () => {
  let asked = 0;
  const writer = new LineWriter({
    write: () => (asked++, Promise.reject(new Deno.errors.BrokenPipe())),
  });
  for (let n = 0; n < 3; n++) {
    writer.write("one\n");
    await writer.flush();
  }
  assertEquals(asked, 1);
});

Deno.test("lines that were lost are told of once", async () => {
  let text = "";
  const writer = new LineWriter({
    write(bytes) {
      text += new TextDecoder().decode(bytes);
      return Promise.resolve(bytes.length);
    },
  });
  for (let i = 0; i < 2_000; i++) writer.write(`${i}\n`);
  await writer.flush();
  writer.write("later\n");
  await writer.flush();
  assertEquals(text.match(/lines were lost/g)?.length, 1);
  assert(text.endsWith("later\n"));
});
