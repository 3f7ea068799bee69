// Files that are none: what a shell hands over in a file's place.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { failover } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { startRobot } from "../lab/robot.ts";
import { run } from "../lab/run.ts";

const legion = "[uwsgi]\nlegion = one 127.0.0.1:1 1 bf-cbc:SECRET\nlegion-quorum = one 1\n";
const check = ["node", "--check-config", "--config"];

/** Runs the command by this shell text, in which `"$@"` is the command and `$0` a file. */
const by = (shell: string, file = "") => ["bash", "-c", shell, file];

Deno.test("a configuration comes through standard input, as a pipe and as a file", async () => {
  for (const path of ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]) {
    const { code, out, err } = await run([...check, path], { input: legion });
    assertEquals([code, err], [0, ""]);
    assertStringIncludes(out, "legion one");
  }
  await using file = await tempFile(legion);
  const { code, out } = await run([...check, "/dev/stdin"], { on: by('"$@" < "$0"', file.path) });
  assertEquals(code, 0);
  assertStringIncludes(out, "legion one");
});

Deno.test("a configuration, a file in it and a password come from other commands", async () => {
  await using file = await tempFile(legion);
  const substituted = by('"$@" <(cat "$0")', file.path);
  assertEquals((await run(check, { on: substituted })).code, 0);
  const further = by('"$@" 9< "$0"', file.path);
  assertEquals((await run([...check, "/dev/fd/9"], { on: further })).code, 0);

  await using other = await tempFile(legion.replace("SECRET", "@(/dev/stdin)"));
  assertEquals((await run([...check, other.path], { input: "SECRET\n" })).code, 0);

  const robot = await startRobot();
  await using _closed = { [Symbol.asyncDispose]: () => robot.close() };
  const url = robot.failoverUrl("4.4.4.4");
  const question = ["takeover", "--ip", "4.4.4.4", "--to", "1.1.1.1", "--url", url];
  const on = by('"$@" --password-file <(echo BAR)');
  assertEquals((await run([...question, "--user", "FOO"], { on })).code, 0);
});

Deno.test("what never ends is refused after 2 s, and what is too long or not there at once", async () => {
  await using file = await tempFile("");
  const fifo = `${file.path}.fifo`;
  await new Deno.Command("mkfifo", { args: [fifo] }).output();
  await using _removed = { [Symbol.asyncDispose]: () => Deno.remove(fifo) };
  // A pipe that is open for writing as well does not end.
  const cases: [shell: string, path: string, reason: string][] = [
    ['"$@" <> "$0"', "/dev/stdin", "it did not end within 2 s"],
    ['"$@" 9<> "$0"', "/dev/fd/9", "it did not end within 2 s"],
    ['"$@" < <(exec cat /dev/zero)', "/dev/stdin", "it is larger than 1 MiB"],
    ['"$@"', "/dev/fd/9", "it cannot be read: nothing was handed over there"],
  ];
  for (const [shell, path, reason] of cases) {
    const begunMs = performance.now();
    const { code, err } = await run([...check, path], { on: by(shell, fifo) });
    assertEquals([code, err], [2, `${path}: ${reason}\n`]);
    assert(performance.now() - begunMs < 20_000);
  }
});

Deno.test("nothing is left for a second look at what was handed over", async () => {
  const twice = legion.replace("SECRET", "@(/dev/stdin)");
  const { code, err } = await run([...check, "/dev/stdin"], { input: twice });
  assertEquals(code, 2);
  assertStringIncludes(err, "@(/dev/stdin): it has been read before, and nothing is left of it");
});

Deno.test("a node that was handed its configuration goes by it to its end", async () => {
  const [port] = freePorts(1);
  await using file = await tempFile(legion.replace(":1 ", `:${port} `));
  const on = by('exec "$@" < "$0"', file.path);
  await using node = failover("node", ["node", "--config", "/dev/stdin"], { on });
  await node.line(/this node is the lord/);
  node.signal("SIGHUP");
  await node.line(
    /\/dev\/stdin: it was handed over at the start, and cannot be read a second time/,
  );
  await node.line(/the configuration cannot be read anew: everything stays as it was/);
  assertEquals(await node.end("SIGTERM"), 0);
});

async function tempFile(text: string) {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, text);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}
