import { STATUS_TEXT } from "@std/http/status";
import type { IncomingMessage } from "node:http";
import { openerFor } from "../robot/opener.ts";
import { trustedCertificates } from "../robot/trust.ts";
import type { ProbeContext, ProbeResult } from "./probe.ts";
import { connectionFault, noAnswer } from "./_probe_output.ts";

/** Nobody looks at a body: a longer one is cut off. */
const maxBodyBytes = 64 * 1024;

/**
 * Whether a GET is answered with the right status, to its end, in time; or to the 64th KiB. Follows
 * no redirect.
 */
export function probeHttp(
  { url, status: right }: { readonly url: string; readonly status: number },
  { timeoutMs, signal }: ProbeContext,
): Promise<ProbeResult> {
  const { promise, resolve } = Promise.withResolvers<ProbeResult>();
  const end = new AbortController();
  const fail = (output: string) => resolve({ ok: false, output });
  let seen = "";
  // Not left to the request: one that is upgraded no longer heeds its signal.
  const timer = setTimeout(() => fail(late(seen, timeoutMs)), timeoutMs);
  const cancel = () => fail("called off");
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  const ask = async () => {
    const response = await get(new URL(url), end.signal);
    const status = response.statusCode ?? 0;
    seen = `${status} ${STATUS_TEXT[status] ?? ""}`.trim();
    const isRight = right === 0 ? status >= 200 && status <= 299 : status === right;
    if (!isRight) return fail(seen);
    if (!await bodyEnds(response)) return fail(`${seen}, but the answer breaks off`);
    resolve({ ok: true, output: seen });
  };
  ask().catch((error) => fail(connectionFault(error)));
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
    end.abort();
  });
}

function late(seen: string, timeoutMs: number): string {
  const half = `${seen}, but not all of it within ${timeoutMs / 1000} s`;
  return seen === "" ? noAnswer(timeoutMs) : half;
}

async function get(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const ca = url.protocol === "http:" ? undefined : await trustedCertificates(undefined, signal);
  const open = await openerFor(url);
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
  const request = open({ ...options, ca }, resolve);
  // More than one may come: an unheard one would end the process.
  request.on("error", reject);
  request.end();
  return await promise;
}

/** Waits for the body; false: it breaks off. */
async function bodyEnds(response: IncomingMessage): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let length = 0;
  response.on("data", ({ length: more }: Uint8Array) => {
    length += more;
    if (length > maxBodyBytes) resolve(true);
  });
  for (const event of ["end", "error", "close"]) {
    response.on(event, () => resolve(response.complete));
  }
  return await promise;
}
