import { close } from "../../lib/base/close.ts";

/** The settings of a proxy. */
export interface HttpProxyOptions {
  /** The value of `Proxy-Authorization` that is wanted; any is taken when left out. */
  readonly wants?: string;
  /** The text answered to everything, instead of doing it. */
  readonly says?: string;
  /** The address and port that every name leads to; when left out, names are looked up. */
  readonly leadsTo?: { readonly hostname: string; readonly port: number };
}

/** A proxy on 127.0.0.1, for http and, by CONNECT, for all else. */
export function httpProxy({ wants, says, leadsTo }: HttpProxyOptions = {}) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: string[] = [];
  const open = new Set<Deno.Conn>();
  const work: Promise<unknown>[] = [];

  async function serve(client: Deno.Conn): Promise<void> {
    const head = await headOf(client);
    requests.push(head.split("\r\n")[0]);
    const [, method, target] = /^(\S+) (\S+) HTTP/.exec(head) ?? [];
    const shown = /^proxy-authorization: (.*)\r$/im.exec(head)?.[1];
    const text = says ??
      (wants === undefined || shown === wants ? undefined : "HTTP/1.1 407 Who\r\n\r\n");
    if (text !== undefined) {
      await client.write(new TextEncoder().encode(text));
      return close(client);
    }
    const url = new URL(method === "CONNECT" ? `http://${target}` : target);
    const to = leadsTo ?? { hostname: url.hostname, port: Number(url.port || 80) };
    const server = await Deno.connect(to);
    open.add(server);
    const first = method === "CONNECT" ? "" : head.replace(target, url.pathname + url.search);
    if (method === "CONNECT") {
      await client.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\n\r\n"));
    } else await server.write(new TextEncoder().encode(first));
    const both = [client.readable.pipeTo(server.writable), server.readable.pipeTo(client.writable)];
    await Promise.allSettled(both);
  }

  const accepting = (async () => {
    for await (const client of listener) {
      open.add(client);
      work.push(serve(client).catch(() => close(client)));
    }
  })();
  const { port } = listener.addr;
  return {
    /** The proxy's URL, without user and password. */
    url: `http://127.0.0.1:${port}`,
    port,
    /** The first line of each request to the proxy. */
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) close(connection);
      await accepting;
      await Promise.allSettled(work);
    },
  };
}

async function headOf(connection: Deno.Conn): Promise<string> {
  let text = "";
  const bytes = new Uint8Array(4_096);
  while (!text.includes("\r\n\r\n")) {
    const count = await connection.read(bytes);
    if (count === null) throw new Error("the client has closed the connection");
    text += new TextDecoder().decode(bytes.subarray(0, count));
  }
  return text;
}
