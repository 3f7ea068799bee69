/** A connection, as far as a request needs one; that of `Deno.connect` or `Deno.startTls` is one. */
export type Line = Pick<Deno.Conn, "read" | "write" | "close">;
