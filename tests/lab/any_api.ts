/** A request as an API got it. */
export interface Got {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** An API that answers as it is told, and what it was asked. */
export interface Api extends AsyncDisposable {
  /** The base of its URLs, without a path. */
  readonly url: string;
  readonly got: Got[];
  /** The requests as `METHOD PATH BODY`. */
  asked(): string[];
}

/**
 * Starts an API; where `answer` gives nothing, the reply is lost, and one that waits never comes.
 *
 * @param hostname the address to listen on
 */
export function startApi(
  answer: (got: Got) => Response | undefined | Promise<Response | undefined>,
  hostname = "127.0.0.1",
): Api {
  const got: Got[] = [];
  const listener = Deno.listen({ hostname, port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const open = new Set<Deno.Conn>();
  const serve = async (connection: Deno.Conn) => {
    open.add(connection);
    try {
      const request = await readRequest(connection);
      got.push(request);
      const reply = await answer(request);
      if (reply !== undefined) await connection.write(await bytesOf(reply));
    } catch {
      // The other side has gone.
    } finally {
      if (open.delete(connection)) connection.close();
    }
  };
  const serving = (async () => {
    for await (const connection of listener) serve(connection);
  })();
  return {
    url: `http://${hostname}:${port}`,
    got,
    asked: () => got.map(({ method, path, body }) => `${method} ${path} ${body}`.trim()),
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) connection.close();
      open.clear();
      await serving;
    },
  };
}

async function readRequest(connection: Deno.Conn): Promise<Got> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const end = text.indexOf("\r\n\r\n");
    if (end >= 0) {
      const [first, ...lines] = text.slice(0, end).split("\r\n");
      const headers = new Headers(lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      }));
      const body = text.slice(end + 4);
      if (body.length >= Number(headers.get("content-length") ?? 0)) {
        const [method, path] = first.split(" ");
        return { method, path, headers, body };
      }
    }
    const count = await connection.read(buffer);
    if (count === null) throw new Error("the request is cut off");
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
}

async function bytesOf(reply: Response): Promise<Uint8Array> {
  const body = await reply.text();
  const headers = [...reply.headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const length = `content-length: ${new TextEncoder().encode(body).length}\r\n`;
  return new TextEncoder().encode(`HTTP/1.1 ${reply.status} x\r\n${headers}${length}\r\n${body}`);
}
