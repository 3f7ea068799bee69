import type { Listen } from "../base/listen.ts";
import { close } from "../base/close.ts";
import { writeAll } from "../base/write_all.ts";

const maxBytes = 16 * 1024 * 1024;

/**
 * Sends a text to a socket of a node, and reads the answer to its end.
 *
 * @param patienceMs the time for all of it, in milliseconds
 * @throws Error when there is no answer in that time, or one of more than 16 MiB; Deno's own errors
 * where the connection fails
 */
export async function exchange(
  at: Listen,
  request: string,
  patienceMs: number,
): Promise<string> {
  let connection: Deno.Conn | undefined;
  // A timer of setTimeout's has the runtime load Node.js's first, 8 ms for a question of one.
  const late = AbortSignal.timeout(patienceMs);
  const end = () => close(connection);
  late.addEventListener("abort", end);
  try {
    connection = await connect(at, late);
    late.throwIfAborted();
    await writeAll(connection, request);
    return await readAll(connection);
  } catch (error) {
    if (late.aborted) throw new Error(`it does not answer within ${patienceMs / 1000} s`);
    throw error;
  } finally {
    late.removeEventListener("abort", end);
    close(connection);
  }
}

/** Connects. Only TCP can take long: where nobody accepts, or the network loses packets. */
function connect(at: Listen, signal: AbortSignal): Promise<Deno.Conn> {
  return "path" in at
    ? Deno.connect({ transport: "unix", path: at.path })
    : Deno.connect({ hostname: at.address.host, port: at.address.port, signal });
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
