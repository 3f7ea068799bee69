import type { LegionStats } from "../../lib/status/report.ts";
import { schemaFaults } from "./schema.ts";

/**
 * Asks a stats socket on 127.0.0.1, ours or uWSGI's, for its legions.
 *
 * @throws Error when the answer is ours, and not by the schema
 */
export async function legionsOf(port: number): Promise<LegionStats[]> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const document = await new Response(connection.readable).json();
  const faults = "schema" in document ? schemaFaults(document) : [];
  if (faults.length > 0) throw new Error(`not by the schema: ${faults.join("; ")}`);
  return document.legions;
}

/**
 * Asks stats sockets for their only legion until a condition on the answers is true.
 *
 * @param what the condition in words, for the message
 * @throws Error with the last answers when the condition is not true within 20 s
 */
export async function untilStats(
  ports: readonly number[],
  what: string,
  condition: (legions: LegionStats[]) => boolean,
): Promise<LegionStats[]> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const legions = await firstLegions(ports);
    if (legions !== undefined && condition(legions)) return legions;
    if (performance.now() > deadline) {
      throw new Error(`waited 20 s for ${what}; the last stats: ${JSON.stringify(legions)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Asks each socket for its first legion; undefined while one does not listen yet. */
async function firstLegions(ports: readonly number[]): Promise<LegionStats[] | undefined> {
  try {
    return await Promise.all(ports.map(async (port) => (await legionsOf(port))[0]));
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return undefined;
    throw error;
  }
}
