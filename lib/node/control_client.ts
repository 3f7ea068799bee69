import type { Stats } from "../status/report.ts";
import type { ControlReply, ControlRequest } from "./control_message.ts";

const patienceMs = 5_000;
const maxBytes = 16 * 1024 * 1024;

/** A node has refused what it was asked for: the message says why. */
export class ControlRefusal extends Error {
  override readonly name = "ControlRefusal";
}

/** There is no node to ask, or it does not answer. */
export class NoNode extends Error {
  override readonly name = "NoNode";
}

/**
 * Asks the node that takes orders at a UNIX socket for something; the result is how it is after that.
 *
 * @throws ControlRefusal when it does not do it
 * @throws NoNode when none answers within 5 s
 */
export async function askNode(path: string, request: ControlRequest): Promise<Stats> {
  const reply = parse(path, await exchange(path, `${JSON.stringify(request)}\n`));
  if (!reply.ok) throw new ControlRefusal(reply.error);
  return reply.stats;
}

async function exchange(path: string, request: string): Promise<string> {
  let connection: Deno.Conn | undefined;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    connection?.close();
  }, patienceMs);
  try {
    connection = await Deno.connect({ transport: "unix", path });
    let bytes = new TextEncoder().encode(request);
    while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
    return await readAll(connection);
  } catch (error) {
    if (late) throw new NoNode(`it does not answer within ${patienceMs / 1000} s: ${path}`);
    throw new NoNode(whyNot(path, error));
  } finally {
    clearTimeout(timer);
    if (!late) connection?.close();
  }
}

function whyNot(path: string, error: unknown): string {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.ConnectionRefused) {
    return `no node of this configuration runs here (nobody listens at ${path})`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `permission denied at ${path}: ask as root, or as the node's own user`;
  }
  return `the node cannot be asked at ${path}: ${error instanceof Error ? error.message : error}`;
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

function parse(path: string, text: string): ControlReply {
  try {
    const reply = JSON.parse(text);
    if (reply?.ok === true && Array.isArray(reply.stats?.legions)) return reply;
    if (reply?.ok === false && typeof reply.error === "string") return reply;
  } catch {
    // That is no JSON, which is told below.
  }
  throw new NoNode(`what answers at ${path} is no node`);
}
