import type { Listen } from "../base/listen.ts";
import { exchange } from "./exchange.ts";
import { completed } from "./older.ts";
import type { Stats } from "./report.ts";

const patienceMs = 2_000;

/**
 * Asks a running node, of any version, for its stats.
 *
 * @param http whether the node answers as HTTP (`stats-http`)
 * @throws Error when nobody answers within 2 s, or the answer is no stats
 */
export async function askStats(listen: Listen, http: boolean): Promise<Stats> {
  const request = http ? "GET / HTTP/1.0\r\n\r\n" : "";
  return parse(await exchange(listen, request, patienceMs), http);
}

function parse(text: string, http: boolean): Stats {
  try {
    const stats = JSON.parse(http ? text.slice(text.indexOf("\r\n\r\n")) : text);
    if (Array.isArray(stats?.legions)) return completed(stats);
  } catch {
    // Text that is no JSON, or JSON of another form, is reported below.
  }
  throw new Error("it answers something else than stats");
}
