/** A request, as it is written on a line. */
export interface Request {
  /** The method. */
  readonly method: string;
  /** The target: a path with its query, or a whole URL where a proxy is asked. */
  readonly target: string;
  /** The host, and its port where that is not the usual one. */
  readonly host: string;
  /** The headers besides `host`, `connection` and `content-length`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; none when left out. */
  readonly body?: string;
}

/**
 * The text of a request.
 *
 * @throws TypeError when a part of the head could not be told from the next one
 */
export function requestText({ method, target, host, headers, body }: Request): string {
  const fields = {
    host,
    connection: "close",
    ...headers,
    ...hasLength(method, body) ? { "content-length": byteLength(body ?? "") } : {},
  };
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
  ];
  // deno-lint-ignore no-control-regex
  if (lines.some((line) => /[\x00-\x1f\x7f]/.test(line))) {
    throw new TypeError("a request's head holds control characters");
  }
  return `${lines.join("\r\n")}\r\n\r\n${body ?? ""}`;
}

/** Whether a request tells the length of its body; some servers want that of none, too. */
function hasLength(method: string, body: string | undefined): boolean {
  return body !== undefined || method === "POST" || method === "PUT";
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
