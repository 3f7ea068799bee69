import type { Stats } from "./report.ts";
import type { StatsListen } from "./server.ts";

const patienceMs = 2_000;
const maxBytes = 16 * 1024 * 1024;

/**
 * Asks a running node for its stats.
 *
 * @param http Whether it answers as HTTP (`stats-http`)
 * @throws Error when nobody answers within 2 s, or with something else than stats
 */
export async function askStats(listen: StatsListen, http: boolean): Promise<Stats> {
  const connection = "path" in listen
    ? await Deno.connect({ transport: "unix", path: listen.path })
    : await Deno.connect({ hostname: listen.address.host, port: listen.address.port });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    close(connection);
  }, patienceMs);
  try {
    if (http) await connection.write(new TextEncoder().encode("GET / HTTP/1.0\r\n\r\n"));
    return parse(await readAll(connection), http);
  } catch (error) {
    if (late) throw new Error(`it does not answer within ${patienceMs / 1000} s`);
    throw error;
  } finally {
    clearTimeout(timer);
    close(connection);
  }
}

function parse(text: string, http: boolean): Stats {
  try {
    const stats = JSON.parse(http ? text.slice(text.indexOf("\r\n\r\n")) : text);
    if (Array.isArray(stats?.legions)) return stats;
  } catch {
    // That is no JSON, which is told below.
  }
  const hint = text.startsWith("HTTP/") || http ? "; is it stats-http?" : "";
  throw new Error(`it answers something else than stats${hint}`);
}

async function readAll(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (let read; (read = await connection.read(buffer)) !== null;) {
    text += decoder.decode(buffer.subarray(0, read), { stream: true });
    if (text.length > maxBytes) throw new Error("the answer is too long");
  }
  return text;
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
