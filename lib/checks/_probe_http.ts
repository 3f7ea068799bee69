import { abortable } from "@std/async/abortable";
import { STATUS_TEXT } from "@std/http/status";
import type { Probe } from "../base/check.ts";
import { close } from "../base/close.ts";
import { exchange } from "../base/http/exchange.ts";
import type { Line } from "../base/http/line.ts";
import { maxReplyBytes, ReplyError } from "../base/http/reply_error.ts";
import { secure } from "../base/http/secure.ts";
import { certificatesOf } from "../base/trust.ts";
import { bareHost, portOf } from "../base/url_host.ts";
import { inTime } from "./_in_time.ts";
import type { ProbeContext, ProbeResult } from "./probe.ts";
import { connectionFault, noAnswer } from "./_probe_output.ts";

/**
 * Checks that a GET is answered with the right status, and wholly, in time. Of a body 128 KiB are
 * enough, since nobody looks at it. Redirects are not followed.
 */
export function probeHttp(
  { url, status: right, ca }: Extract<Probe, { kind: "http" }>,
  context: ProbeContext,
): Promise<ProbeResult> {
  let seen = "";
  const onHead = ({ status }: { readonly status: number }) => {
    seen = `${status} ${STATUS_TEXT[status] ?? ""}`.trim();
    const isRight = right === 0 ? status >= 200 && status <= 299 : status === right;
    if (!isRight) throw new WrongStatus();
  };
  return inTime(context, async (signal) => {
    const fault = await get(new URL(url), ca, { signal, onHead });
    if (fault !== undefined && !isTooLong(fault)) throw fault;
    return seen;
  }, {
    late: () => late(seen, context.timeoutMs),
    failed: (error) => failed(seen, error),
  });
}

/** Thrown at a head with a wrong status: nobody waits for the rest. */
class WrongStatus extends Error {}

/** Asks over a connection of its own: a kept one says nothing about whether new ones are taken. */
async function get(
  url: URL,
  ca: string | undefined,
  options: Parameters<typeof exchange>[2],
): Promise<unknown> {
  const line = await lineTo(url, ca, options.signal);
  try {
    const headers = { "user-agent": "failover" };
    const request = { method: "GET", target: url.pathname + url.search, host: url.host, headers };
    return (await exchange(line, request, options)).fault;
  } finally {
    close(line);
  }
}

async function lineTo(
  url: URL,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<Line> {
  const isPlain = url.protocol === "http:";
  const hostname = bareHost(url.hostname);
  const trusted = isPlain ? [] : await certificatesOf(ca, signal);
  const conn = await abortable(Deno.connect({ hostname, port: portOf(url), signal }), signal);
  return isPlain ? conn : await secure(conn, { hostname, ca: trusted }, signal);
}

function isTooLong(error: unknown): boolean {
  return error instanceof ReplyError && error.kind === "too long";
}

function late(seen: string, timeoutMs: number): string {
  const half = `${seen}, but not all of it within ${timeoutMs / 1000} s`;
  return seen === "" ? noAnswer(timeoutMs) : half;
}

function failed(seen: string, error: unknown): string {
  if (error instanceof WrongStatus) return seen;
  if (seen !== "") return `${seen}, but the answer breaks off`;
  return isTooLong(error)
    ? `no status in the first ${maxReplyBytes / 1024} KiB`
    : connectionFault(error);
}
