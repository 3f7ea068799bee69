// Across a crash of a lord its checks and its address are as they were, and a drain goes on.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { isLord, running, setUp } from "../lab/three_nodes.ts";

// Longer than a busy machine needs to start a node.
const patient = "legion-tolerance = 4";

Deno.test("a lord that is killed and started again keeps its title: one look, and no switch", async () => {
  await using legion = await setUp((index, folder) =>
    index === 0
      ? `${patient}\nlegion-check = failover cmd=test ! -e ${folder}/bad,interval=0.2,fall=2`
      : patient
  );
  const [a, b] = await running(legion);
  const before = legion.robot.requests.length;
  await a.end("SIGKILL");
  const again = await legion.run(0);
  await again.line(/taking up again/);
  await again.line(isLord);
  const sent = legion.robot.requests.slice(before).map(({ method }) => method);
  assertEquals([sent, legion.posts()], [["GET"], ["1.1.1.1"]]);
  assert(!again.lines.some((line) => /stands back/.test(line)), again.lines.join("\n"));
  assert(!b.lines.some((line) => isLord.test(line)));
  // The check goes on: what it says now counts.
  await Deno.writeTextFile(`${legion.folder}/bad`, "");
  await again.line(/no longer the lord: check cmd fails/);
  await b.line(isLord);
});

Deno.test("a drain outlasts a crash, and ends with a stop", async () => {
  await using legion = await setUp(() => patient);
  const [a, b] = await running(legion);
  assertEquals((await legion.ask(0, "drain", "--for", "1h")).code, 0);
  await b.line(isLord);
  await a.end("SIGKILL");
  const crashed = await legion.run(0);
  await crashed.line(/drained by eve until \S+Z \(from before the restart\)/);
  await crashed.line(/web2 is elected/);
  assertMatch((await legion.ask(0, "status")).out, /drained by eve/);
  assertEquals(await crashed.end("SIGTERM"), 0);
  const stopped = await legion.run(0);
  await stopped.line(isLord);
  assert(!stopped.lines.some((line) => /drained/.test(line)), stopped.lines.join("\n"));
});
