// A mistake in this program, in a node as a process: the node takes leave all the same.
import { assert, assertEquals } from "@std/assert";
import { permissions } from "../../scripts/_permissions.ts";
import { startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { TestProcess } from "../lab/process.ts";

const isLord = /this node is the lord/;
const mistake =
  /error +a mistake in this program, please report it with the next lines \(failover help program-mistake\)$/;

/** Two nodes: `a` is lord, and to fail; with `leaveMs` it takes no longer than twice that to leave. */
async function setUp(fault: string, more: string, leaveMs?: number) {
  const made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const ports = freePorts(2);
  const text = (index: number) =>
    [
      "[uwsgi]",
      `legion = one 127.0.0.1:${ports[index]} ${20 - index} bf-cbc:secret1`,
      `legion-node = one 127.0.0.1:${ports[1 - index]}`,
      "legion-freq = 0.1",
      "legion-tolerance = 1",
      index === 0 ? more : "",
      "",
    ].join("\n");
  const file = `${folder}/a.ini`;
  await Deno.writeTextFile(file, text(0), { mode: 0o600 });
  const entry = new URL("./faulty_node.ts", import.meta.url).pathname;
  const node = ["node", "--config", file, "--name", "a"];
  const a = made.use(
    new TestProcess({
      name: "a",
      command: Deno.execPath(),
      args: ["run", "--quiet", ...permissions, entry, fault, ...node],
      env: { RUNTIME_DIRECTORY: "/dev/null", LEAVE_MS: `${leaveMs ?? ""}` },
    }),
  );
  const b = made.use(await startNode(folder, "b", text(1)));
  await a.line(isLord);
  await b.line(/a is elected/);
  return { a, b, folder, [Symbol.asyncDispose]: () => made.disposeAsync() };
}

for (const fault of ["timer", "promise"]) {
  Deno.test(`an error nobody handles, in a ${fault}: its stack, the death hook, farewell, status 1`, async () => {
    await using legion = await setUp(fault, "legion-death = one cmd:echo dying");
    const { a, b } = legion;
    a.signal("SIGWINCH");
    const at = await a.line(mistake);
    await a.line(/error +Error: nobody handles this$/, at);
    await a.line(/error +at .*faulty_node\.ts:\d+:\d+/, at);
    assertEquals(await a.status(), 1);
    await a.line(/one: dying$/, at);
    await b.line(/a left/);
    await b.line(isLord);
    assert(!b.lines.some((line) => /was silent/.test(line)));
  });
}

Deno.test("an error nobody handles that is none but a text is logged as such", async () => {
  await using legion = await setUp("text", "");
  legion.a.signal("SIGWINCH");
  await legion.a.line(/error +nobody handles this$/, await legion.a.line(mistake));
  assertEquals(await legion.a.status(), 1);
});

Deno.test("further errors are logged ten times at most, and neither end the leave nor begin it again", async () => {
  await using legion = await setUp("again", "legion-death = one cmd:sleep 0.5; echo farewell");
  legion.a.signal("SIGWINCH");
  assertEquals(await legion.a.status(), 1);
  const count = (pattern: RegExp) => legion.a.lines.filter((line) => pattern.test(line)).length;
  assertEquals([count(mistake), count(/: farewell$/), count(/ stopping$/)], [10, 1, 1]);
  await legion.b.line(/a left/);
});

Deno.test("a death hook that hangs is told to end in time, and the farewell is said", async () => {
  await using legion = await setUp("timer", "legion-death = one cmd:exec sleep 60", 1_000);
  legion.a.signal("SIGWINCH");
  await legion.a.line(mistake);
  const begunMs = performance.now();
  assertEquals(await legion.a.status(), 1);
  const tookMs = performance.now() - begunMs;
  // The rest is for a machine that has much to do.
  assert(tookMs >= 900 && tookMs < 10_000, `${tookMs} ms`);
  await legion.b.line(/a left/);
});

Deno.test("a death hook that does not end when it is told to is not waited for", async () => {
  const stubborn = "legion-death = one cmd:trap '' TERM; echo $$ does not end; exec sleep 60";
  await using legion = await setUp("timer", stubborn, 500);
  legion.a.signal("SIGWINCH");
  assertEquals(await legion.a.status(), 1);
  const pid = /(\d+) does not end$/m.exec(legion.a.lines.join("\n"))?.[1];
  Deno.kill(Number(pid), "SIGKILL");
});
