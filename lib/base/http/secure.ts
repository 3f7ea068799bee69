import { abortable } from "@std/async/abortable";
import { close } from "../close.ts";
import { UnusableCa } from "../trust.ts";
import { withTrustedStore } from "./trusted_store.ts";

/** The certificate that a server must have. */
export interface Trust {
  /** The name or IP address that the certificate must be for; an IPv6 address without brackets. */
  readonly hostname: string;
  /** Certificates to trust besides the system's, in PEM. */
  readonly ca: readonly string[];
}

/**
 * Goes on with TLS over a connection, with the server's certificate verified; the connection is the
 * result's from then on. On any failure it is closed.
 *
 * @throws UnusableCa when one of `ca` cannot be used
 * @throws Error whose message says why the certificate does not verify, or the connection's own
 * @throws the signal's reason when it is aborted
 */
export async function secure(
  conn: Deno.TcpConn,
  { hostname, ca }: Trust,
  signal: AbortSignal,
): Promise<Deno.TlsConn> {
  let tls: Deno.TlsConn | undefined;
  try {
    tls = await begun(conn, { hostname, caCerts: [...ca] });
    await abortable(tls.handshake(), signal);
    return tls;
  } catch (error) {
    close(tls ?? conn);
    throw error;
  }
}

/** Before the first byte is sent, the name and the certificates to trust are all that can be wrong. */
async function begun(conn: Deno.TcpConn, options: Deno.StartTlsOptions): Promise<Deno.TlsConn> {
  try {
    return await withTrustedStore(() => Deno.startTls(conn, options));
  } catch (error) {
    // A name that is none is a TypeError.
    if (options.caCerts?.length === 0 || error instanceof TypeError) throw error;
    throw new UnusableCa("ca: a certificate in it cannot be used");
  }
}
