import { delay } from "@std/async/delay";
import { allAtMost } from "./limits.ts";
import { startLoneNode } from "./lone_node.ts";
import { residentMib } from "./process_usage.ts";
import type { BenchOptions, Row } from "./section.ts";

const what = "memory (RSS) after 10 minutes";
const setting = "alone, a tcp and an http check a second";
const minutes = 10;

/** Measures the memory of a node whose service is asked each second, by a connection and by HTTP. */
export async function checksRows(options: BenchOptions): Promise<Row[]> {
  const { quick, wants, progress, executable, signal } = options;
  if (quick || !wants(what, setting)) return [];
  const path = await executable.path();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    return new Response("well");
  });
  const at = `127.0.0.1:${server.addr.port}`;
  const checks = [`tcp=${at}`, `http=http://${at}/`];
  const lines = checks.map((check) => `legion-check = bench ${check},interval=1`);
  await using node = await startLoneNode(path, executable.env, lines);
  progress(`memory with checks: ${minutes} minutes`);
  await delay(minutes * 60_000, { signal });
  const samples = [await residentMib(node.pid)];
  const figures = [{ contender: "failover", unit: "MiB", samples }] as const;
  return [{ what, setting, figures, limit: allAtMost(80, "MiB") }];
}
