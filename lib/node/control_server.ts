import { close } from "../base/close.ts";
import { errorMessage } from "../base/error_message.ts";
import { type ClientServer, serveClients } from "../base/serve_clients.ts";
import { writeAll } from "../base/write_all.ts";
import { listenAtPath } from "../status/listen_at_path.ts";
import { type ControlReply, type ControlRequest, parseRequest } from "./control_message.ts";

// A client has one request and this time for it, so that none keeps a place or holds up others.
const requestMs = 5_000;
// The same, with the answer: before a restart the next process is tried.
const clientMs = 30_000;
const places = 16;
const maxRequestBytes = 4_096;

/** Carries out a request. */
type Obey = (request: ControlRequest) => ControlReply | Promise<ControlReply>;

/**
 * Takes requests on a UNIX socket, one line a connection, each answered by a line. A client that
 * may write to the socket may ask for anything: its owner, and root.
 *
 * @param warn called now and then with a line about connections that cannot be accepted
 * @param replied called with a request that was carried out, once its reply has been written
 * @throws Error when the path cannot be listened on; the message says why
 */
export async function serveControl(
  path: string,
  obey: Obey,
  warn: (message: string) => void,
  replied: (request: ControlRequest) => void = () => {},
): Promise<ClientServer> {
  const listener = await listenAtPath(path, "owner");
  return serveClients({
    listener,
    name: `control at ${path}`,
    places,
    clientMs,
    serve: (client) => serve(client, obey, replied),
    warn,
  });
}

async function serve(
  client: Deno.Conn,
  obey: Obey,
  replied: (request: ControlRequest) => void,
): Promise<void> {
  const timer = setTimeout(() => close(client), requestMs);
  const line = await readLine(client).finally(() => clearTimeout(timer));
  const { request, reply } = await answer(line, obey);
  await writeAll(client, `${JSON.stringify(reply)}\n`);
  if (request !== undefined && reply.ok) replied(request);
}

async function answer(
  line: string | undefined,
  obey: Obey,
): Promise<{ request?: ControlRequest; reply: ControlReply }> {
  if (line === undefined) {
    const error = `right would be one line of at most ${maxRequestBytes} bytes`;
    return { reply: { ok: false, error } };
  }
  try {
    const request = parseRequest(line);
    return { request, reply: await obey(request) };
  } catch (error) {
    return { reply: { ok: false, error: errorMessage(error) } };
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
