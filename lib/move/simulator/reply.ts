import type { ServerResponse } from "node:http";

/** A reply in JSON. */
export interface JsonReply {
  /** The HTTP status. */
  readonly status: number;
  /** The value to send. */
  readonly body: unknown;
}

/**
 * A reply that no API gives by its rules: `body` has any status and text, `reset` breaks the
 * connection, `hang` never comes.
 */
export type BadReply =
  | {
    readonly kind: "body";
    readonly status: number;
    readonly body: string | Uint8Array;
    readonly headers?: Record<string, string>;
    /** Whether the connection breaks before the body's end. */
    readonly cut?: boolean;
  }
  | { readonly kind: "reset" }
  | { readonly kind: "hang" };

/**
 * Sends a reply in JSON.
 *
 * @param headers more headers
 * @param end told how the request ends: by the status, and the code of an error
 */
export function replyJson(
  response: ServerResponse,
  { status, body }: JsonReply,
  headers: Readonly<Record<string, string>>,
  end: (outcome: string) => void,
): void {
  const code = (body as { error?: { code: string } } | null)?.error?.code;
  end(code === undefined ? `${status}` : `${status} ${code}`);
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/**
 * Sends a bad reply, or none.
 *
 * @param end told how the request ends; a reply that never comes has no end
 */
export function replyBadly(
  response: ServerResponse,
  bad: BadReply,
  end: (outcome: string) => void,
): void {
  if (bad.kind === "hang") return;
  end(bad.kind === "reset" ? "reset" : `${bad.status}`);
  if (bad.kind === "reset") {
    response.destroy();
    return;
  }
  const { status, body, headers, cut } = bad;
  response.writeHead(status, {
    "content-type": "text/html",
    ...cut ? { "content-length": `${body.length + 1}` } : {},
    ...headers,
  });
  if (cut) response.write(body, () => response.destroy());
  else response.end(body);
}
