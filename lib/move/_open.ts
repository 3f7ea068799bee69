import { close } from "../base/close.ts";
import { firstOpen } from "../base/first_open.ts";
import type { Line } from "../base/http/line.ts";
import { secure } from "../base/http/secure.ts";
import { seedTls } from "../base/http/seed_tls.ts";
import { openTunnel } from "../base/http/tunnel.ts";
import { openUnverified } from "../base/http/unverified.ts";
import { certificatesOf } from "../base/trust.ts";
import { bareHost, portOf } from "../base/url_host.ts";
import { addressesOf, type AddressToTry } from "./_addresses.ts";
import type { HttpRequest } from "./http.ts";
import { type KnownAddresses, unverifiedAddresses, verifiedAddresses } from "./known_addresses.ts";
import { type Proxy, proxyFor } from "./proxy.ts";
import { unsent, unsentToRemembered } from "./_unsent.ts";

/** The place of a request, and the settings of a connection to it. */
export type Place = Pick<HttpRequest, "url" | "family" | "sslNoVerify" | "ca" | "proxy">;

/** A connection over which a request can be sent. */
export interface Opened {
  /** The connection; for http through a proxy that to the proxy, which is asked for a whole URL. */
  readonly line: Line;
  /** The IP address connected to, a proxy's where there is one. */
  readonly address: string;
  /** Whether the certificate was verified, left unverified, or there is none (http). */
  readonly certificate: "verified" | "unverified" | "none";
  /** The proxy between. */
  readonly proxy?: Proxy;
  /** Notes that the address was a good one; to be called where that is certain. */
  readonly wasGood: () => void;
}

// The lead of an address over the next one (RFC 8305, 5).
const leadMs = 250;

/**
 * Opens a connection to the place of a request: to one of the addresses of its name, or through a
 * proxy, which then looks the name up.
 *
 * @param waitsFor told what is waited for, in words that go on after "no connection within 9 s"
 * @throws MoveError `unsent`, `untrusted`, or `refused` by the proxy: nothing has been sent
 * @throws TypeError when the URL is invalid
 * @throws the signal's reason when it is aborted
 */
export async function open(
  place: Place,
  signal: AbortSignal,
  waitsFor: (what: string) => void = () => {},
): Promise<Opened> {
  const url = new URL(place.url);
  const { sslNoVerify = false } = place;
  const certificate = url.protocol === "http:" ? "none" : sslNoVerify ? "unverified" : "verified";
  try {
    const ca = certificate === "verified" ? await certificatesOf(place.ca, signal) : [];
    const proxy = proxyFor(url, place.proxy);
    const to = { hostname: bareHost(url.hostname), port: portOf(url) };
    const { hostname } = proxy ?? to;
    const known = knownFor(certificate === "verified" && proxy === undefined);
    const family = proxy === undefined ? place.family : undefined;
    const way: Way = { ...to, ca, certificate, proxy };
    const { line, address } = await firstOpen({
      places: async function* (signal) {
        waitsFor(`, as no name server has told the address of ${hostname}`);
        for await (const place of addressesOf({ hostname, family, known }, signal)) {
          waitsFor(` to ${place.address}`);
          yield place;
        }
      },
      open: (place, signal) => openAt(way, place, signal),
      leadMs,
      signal,
    });
    const wasGood = () => known.note(hostname, address);
    return { line, address, certificate, proxy, wasGood };
  } catch (error) {
    signal.throwIfAborted();
    throw unsent(error);
  }
}

/** The way to a server, whichever address it or its proxy has. */
interface Way {
  readonly hostname: string;
  readonly port: number;
  readonly ca: readonly string[];
  readonly certificate: Opened["certificate"];
  readonly proxy?: Proxy;
}

async function openAt(way: Way, { address, isRemembered }: AddressToTry, signal: AbortSignal) {
  const port = way.proxy?.port ?? way.port;
  try {
    const line = await lineTo(way, { address, port }, signal);
    return { line, address, close: () => close(line) };
  } catch (error) {
    const { hostname, proxy } = way;
    const at = `${address.includes(":") ? `[${address}]` : address}:${port}`;
    const fault = unsent(error, { at, target: `${hostname}:${way.port}`, proxy });
    throw isRemembered ? unsentToRemembered(fault, at) : fault;
  }
}

async function lineTo(
  { hostname, port, ca, certificate, proxy }: Way,
  first: { readonly address: string; readonly port: number },
  signal: AbortSignal,
): Promise<Line> {
  const tunnel = async (line: Line, signal: AbortSignal) => {
    if (proxy === undefined || certificate === "none") return;
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    await openTunnel(line, { target: `${host}:${port}`, headers: proxy.headers }, signal);
  };
  if (certificate === "unverified") {
    return await openUnverified({ ...first, hostname, tunnel }, signal);
  }
  // Where nothing was asked beforehand, as at a boot, this goes beside the connection.
  const seeding = certificate === "none" ? undefined : seedTls();
  const conn = await Deno.connect({ hostname: first.address, port: first.port, signal });
  try {
    await seeding;
    // A request is to follow on the heels of the handshake.
    conn.setNoDelay();
    await tunnel(conn, signal);
  } catch (error) {
    close(conn);
    throw error;
  }
  return certificate === "none" ? conn : await secure(conn, { hostname, ca }, signal);
}

function knownFor(isVerified: boolean): KnownAddresses {
  return isVerified ? verifiedAddresses : unverifiedAddresses;
}
