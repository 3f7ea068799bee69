import { close } from "../base/close.ts";
import { portOf } from "../base/url_host.ts";
import type { HttpRequest } from "./http.ts";
import { open, type Opened, type Place } from "./_open.ts";
import { unsentInTime } from "./_unsent.ts";

/** The end of a connection to a provider. */
export interface Reached {
  /** The name or address that was connected to, with its port. */
  readonly host: string;
  /** The IP address behind it; empty: not told, since a proxy is between. */
  readonly address: string;
  /** The proxy between, for people; left out: there is none. */
  readonly proxy?: string;
  /** Whether the certificate was verified, left unverified, or there is none (http). */
  readonly certificate: Opened["certificate"];
}

/**
 * Connects to the place of a request and closes the connection, without a request: nothing is
 * counted. Tells whether the name resolves, the port answers and the certificate verifies; of http
 * through a proxy no more than that the proxy answers.
 *
 * @throws MoveError `unsent`, `untrusted`, or `refused` by a proxy
 * @throws TypeError when the URL is invalid
 * @throws the signal's reason when it is aborted
 */
export async function reach(
  place: Place & Pick<HttpRequest, "timeoutMs" | "signal">,
): Promise<Reached> {
  const { timeoutMs, signal } = place;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  const end = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]);
  let waitedFor = "";
  try {
    const { line, address, certificate, proxy, wasGood } = await open(
      place,
      end,
      (what) => waitedFor = what,
    );
    close(line);
    wasGood();
    const url = new URL(place.url);
    const host = `${url.hostname}:${portOf(url)}`;
    return proxy === undefined
      ? { host, address, certificate }
      : { host, address: "", proxy: proxy.shown, certificate };
  } catch (error) {
    signal?.throwIfAborted();
    if (!late.signal.aborted) throw error;
    throw unsentInTime(timeoutMs, waitedFor);
  } finally {
    clearTimeout(timer);
  }
}
