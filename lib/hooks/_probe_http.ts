import { type IncomingMessage, request as overHttp, STATUS_CODES } from "node:http";
import { request as overHttps } from "node:https";
import { trustedCertificates } from "../robot/trust.ts";
import type { ProbeContext, ProbeResult } from "./probe.ts";
import { connectionFault, noAnswer } from "./_probe_output.ts";

/** Nobody looks at a body: a longer one is cut off. */
const maxBodyBytes = 64 * 1024;

/** Whether a GET is answered with the right status. Follows no redirect. */
export async function probeHttp(
  { url, status: right }: { readonly url: string; readonly status: number },
  { timeoutMs, signal }: ProbeContext,
): Promise<ProbeResult> {
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), timeoutMs);
  const cancel = () => end.abort();
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    const response = await get(new URL(url), end.signal);
    await bodyEnd(response, end.signal);
    const status = response.statusCode ?? 0;
    const ok = right === 0 ? status >= 200 && status <= 299 : status === right;
    return { ok, output: `${status} ${STATUS_CODES[status] ?? ""}`.trim() };
  } catch (error) {
    if (signal.aborted) return { ok: false, output: "called off" };
    const output = end.signal.aborted ? noAnswer(timeoutMs) : connectionFault(error);
    return { ok: false, output };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
  }
}

async function get(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const ca = url.protocol === "http:" ? undefined : await trustedCertificates(undefined, signal);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const options = {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? undefined : Number(url.port),
    path: url.pathname + url.search,
    // A connection of its own: one that was kept from the last time says nothing about whether the
    // server takes new ones.
    agent: false as const,
    signal,
    headers: { host: url.host, "user-agent": "failover" },
  };
  const request = url.protocol === "http:"
    ? overHttp(options, resolve)
    : overHttps({ ...options, ca }, resolve);
  // More than one may come: an unheard one would end the process.
  request.on("error", reject);
  request.end();
  return await promise;
}

/** Waits for the body, so that the server can finish; but the status is all that counts. */
async function bodyEnd(response: IncomingMessage, end: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let length = 0;
  response.on("data", ({ length: more }: Uint8Array) => {
    length += more;
    if (length > maxBodyBytes) resolve();
  });
  for (const event of ["end", "error", "close"]) response.on(event, () => resolve());
  end.addEventListener("abort", () => resolve(), { once: true });
  if (end.aborted) resolve();
  await promise;
  response.destroy();
}
