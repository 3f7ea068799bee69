import { errorMessage } from "../base/error_message.ts";
import { type ClientServer, serveClients } from "../base/serve_clients.ts";
import { writeAll } from "../base/write_all.ts";
import { listenAtPath } from "../status/listen_at_path.ts";
import { type ControlReply, type ControlRequest, parseRequest } from "./control_message.ts";

// A client has one request and this time, so that none keeps a place or holds up others.
const clientMs = 5_000;
const places = 16;
const maxRequestBytes = 4_096;

/**
 * Takes requests on a UNIX socket, one line a connection, each answered by a line. A client that
 * may write to the socket may ask for anything: its owner, and root.
 *
 * @param warn called now and then with a line about connections that cannot be accepted
 * @throws Error when the path cannot be listened on; the message says why
 */
export async function serveControl(
  path: string,
  obey: (request: ControlRequest) => ControlReply,
  warn: (message: string) => void,
): Promise<ClientServer> {
  const listener = await listenAtPath(path);
  return serveClients({
    listener,
    name: `control at ${path}`,
    places,
    clientMs,
    serve: (client) => serve(client, obey),
    warn,
  });
}

async function serve(
  client: Deno.Conn,
  obey: (request: ControlRequest) => ControlReply,
): Promise<void> {
  const reply = replyTo(await readLine(client), obey);
  await writeAll(client, `${JSON.stringify(reply)}\n`);
}

function replyTo(
  line: string | undefined,
  obey: (request: ControlRequest) => ControlReply,
): ControlReply {
  if (line === undefined) {
    return { ok: false, error: `right would be one line of at most ${maxRequestBytes} bytes` };
  }
  try {
    return obey(parseRequest(line));
  } catch (error) {
    return { ok: false, error: errorMessage(error) };
  }
}

/** Reads a line; undefined: none ends within 4 KiB. */
async function readLine(client: Deno.Conn): Promise<string | undefined> {
  const buffer = new Uint8Array(maxRequestBytes);
  for (let length = 0; length < buffer.length;) {
    const read = await client.read(buffer.subarray(length));
    if (read === null) return undefined;
    const end = buffer.subarray(length, length + read).indexOf(0x0a);
    if (end >= 0) return new TextDecoder().decode(buffer.subarray(0, length + end));
    length += read;
  }
  return undefined;
}
