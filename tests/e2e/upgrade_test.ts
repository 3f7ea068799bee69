// An upgrade as the README has it: the nodes are started anew one after the other, the lord last.
import { assertEquals } from "@std/assert";
import { startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { run } from "../lab/run.ts";

Deno.test("a lord stays lord where each of the others is waited for until its status is OK", async () => {
  const folder = await Deno.makeTempDir();
  await using _folder = {
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
  const ports = freePorts(3);
  const names = ["a", "b", "c"];
  const start = (index: number) => {
    const others = ports.filter((_, other) => other !== index);
    const lines = [
      "[uwsgi]",
      `legion = one 127.0.0.1:${ports[index]} ${20 - index} bf-cbc:secret1`,
      ...others.map((port) => `legion-node = one 127.0.0.1:${port}`),
      "legion-quorum = one 2\nlegion-freq = 0.2\nlegion-tolerance = 2",
      `stats = ${folder}/${names[index]}.sock\n`,
    ];
    return startNode(folder, names[index], lines.join("\n"));
  };
  const isWell = async (name: string) => {
    const deadline = performance.now() + 20_000;
    const said: string[] = [];
    for (let code = 1; code !== 0 && performance.now() < deadline;) {
      const { code: now, out } = await run([
        "status",
        "--check",
        "--config",
        `${folder}/${name}.ini`,
      ]);
      said.push(out);
      code = now;
    }
    return said;
  };

  await using a = await start(0);
  await using b = await start(1);
  await using c = await start(2);
  await a.line(/this node is the lord/);
  for (const name of names) await isWell(name);
  assertEquals(await b.end("SIGTERM"), 0);
  await using newB = await start(1);
  await newB.line(/: started as /);
  await isWell("b");
  assertEquals(await c.end("SIGTERM"), 0);
  await using newC = await start(2);
  await newC.line(/: started as /);
  const said = await isWell("c");
  assertEquals(said.at(-1)?.startsWith("FAILOVER OK - one: the lord is a, 3 present"), true);
  assertEquals(a.lines.filter((line) => /no longer the lord/.test(line)), []);
});
