import { isLoopback } from "../base/loopback.ts";
import { printableLines } from "../base/printable.ts";
import { documentOf } from "./document.ts";
import { metricsText } from "./metrics.ts";
import { pageDocument } from "./page_document.ts";
import { processUsage } from "./process_usage.ts";
import type { Stats } from "./report.ts";
import { verdictOf, verdicts } from "./verdict.ts";

/** A request, reduced to the parts that matter here. */
export interface StatusRequest {
  /** The method, in capitals as received. */
  readonly method: string;
  /** The path with its query, as received. */
  readonly path: string;
  /** The header `Accept`; empty: none. */
  readonly accept: string;
  /** The header `Host`, several joined with commas; empty: none. */
  readonly host: string;
}

/** The reply to a request. */
export interface StatusReply {
  /** The HTTP status code. */
  readonly status: number;
  /** The header `Content-Type`. */
  readonly type: string;
  /** The body, sent in UTF-8. */
  readonly body: string;
  /** Further headers, by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

const text = "text/plain; charset=utf-8";
const json = "application/json";

/**
 * The document of the stats socket: the stats, the verdict and the findings. Texts are the data as
 * they came, escaped so that a terminal may show them.
 */
export function statsDocument(stats: Stats): string {
  return `${printableLines(JSON.stringify(documentOf(stats), undefined, 1))}\n`;
}

/**
 * Answers a request. The path `/` has the page for clients that accept HTML; all others have the
 * stats, as with uWSGI, but for `/healthz` and `/metrics`.
 *
 * A server on loopback answers only this machine. A foreign page could otherwise read everything
 * through a browser here, by a name that its name server resolves to 127.0.0.1 (DNS rebinding).
 *
 * @param request undefined: not a request of HTTP
 * @param onLoopback whether to answer only where the request names a loopback host, or none
 */
export function respond(
  request: StatusRequest | undefined,
  report: () => Stats,
  onLoopback: boolean,
): StatusReply {
  if (request === undefined) return { status: 400, type: text, body: "not an HTTP request\n" };
  const { method, path, accept, host } = request;
  if (onLoopback && host !== "" && !isLoopback(host.replace(/:\d*$/, ""))) {
    const body = "this is for this machine alone: ask by 127.0.0.1, [::1] or localhost\n";
    return { status: 403, type: text, body };
  }
  const [place] = path.split("?", 1);
  const routes: Record<string, () => StatusReply> = {
    "/": () => accept.includes("text/html") ? pageReply() : statsReply(report()),
    "/stats": () => statsReply(report()),
    "/healthz": () => healthReply(report()),
    "/metrics": () => ({
      status: 200,
      type: "text/plain; version=0.0.4; charset=utf-8",
      body: metricsText(report(), processUsage()),
    }),
  };
  if (method !== "GET" && method !== "HEAD") {
    const headers = { Allow: "GET, HEAD" };
    return { status: 405, type: text, body: "GET and HEAD are all there is\n", headers };
  }
  // uWSGI tells the stats whatever the path.
  const reply = Object.hasOwn(routes, place) ? routes[place]() : statsReply(report());
  // Nobody but this machine is to read what is for it alone, not even by its browser.
  if (reply.type !== json || onLoopback) return reply;
  return { ...reply, headers: { "Access-Control-Allow-Origin": "*" } };
}

function pageReply(): StatusReply {
  const { html, policy } = pageDocument();
  const headers = { "Content-Security-Policy": policy };
  return { status: 200, type: "text/html; charset=utf-8", body: html, headers };
}

function statsReply(stats: Stats): StatusReply {
  return { status: 200, type: json, body: statsDocument(stats) };
}

function healthReply(stats: Stats): StatusReply {
  const { exitStatus, line } = verdictOf(stats);
  return { status: exitStatus === verdicts.CRITICAL ? 503 : 200, type: text, body: `${line}\n` };
}
