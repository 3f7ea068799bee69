import { STATUS_TEXT } from "@std/http/status";
import type { IncomingMessage } from "node:http";
import { openerFor } from "../base/http_opener.ts";
import { limitReply, maxReplyBytes } from "../base/reply_limit.ts";
import { trustedCertificates } from "../base/trust.ts";
import type { ProbeContext, ProbeResult } from "./probe.ts";
import { connectionFault, noAnswer } from "./_probe_output.ts";

/**
 * Checks that a GET is answered with the right status, and wholly, in time. Of a body 128 KiB are
 * enough, since nobody looks at it. Redirects are not followed.
 */
export function probeHttp(
  { url, status: right }: { readonly url: string; readonly status: number },
  { timeoutMs, signal }: ProbeContext,
): Promise<ProbeResult> {
  const { promise, resolve } = Promise.withResolvers<ProbeResult>();
  const end = new AbortController();
  const fail = (output: string) => resolve({ ok: false, output });
  let seen = "";
  // The timer does not rely on the request: an upgraded one no longer heeds its signal.
  const timer = setTimeout(() => fail(late(seen, timeoutMs)), timeoutMs);
  const cancel = () => fail("called off");
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  const heard: Heard = {
    answer(response) {
      const status = response.statusCode ?? 0;
      seen = `${status} ${STATUS_TEXT[status] ?? ""}`.trim();
      const isRight = right === 0 ? status >= 200 && status <= 299 : status === right;
      if (!isRight) return fail(seen);
      bodyEnds(response).then((isWhole) =>
        isWhole ? resolve({ ok: true, output: seen }) : fail(`${seen}, but the answer breaks off`)
      );
    },
    // A wrong status has failed before this.
    tooLong: () => seen === "" ? fail(noStatus) : resolve({ ok: true, output: seen }),
    fault: (error) => fail(connectionFault(error)),
  };
  get(new URL(url), end.signal, heard).catch(heard.fault);
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
    end.abort();
  });
}

const noStatus = `no status in the first ${maxReplyBytes / 1024} KiB`;

function late(seen: string, timeoutMs: number): string {
  const half = `${seen}, but not all of it within ${timeoutMs / 1000} s`;
  return seen === "" ? noAnswer(timeoutMs) : half;
}

/** The outcomes of a request; each may be called after another. */
interface Heard {
  readonly answer: (response: IncomingMessage) => void;
  readonly tooLong: () => void;
  readonly fault: (error: unknown) => void;
}

async function get(url: URL, signal: AbortSignal, heard: Heard): Promise<void> {
  const ca = url.protocol === "http:" ? undefined : await trustedCertificates(undefined, signal);
  const open = await openerFor(url);
  const options = {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? undefined : Number(url.port),
    path: url.pathname + url.search,
    // A new connection each time: a kept one says nothing about whether the server takes new ones.
    agent: false as const,
    signal,
    headers: { host: url.host, "user-agent": "failover" },
  };
  const request = open({ ...options, ca }, heard.answer);
  limitReply(request, heard.tooLong);
  // Several errors may come: an unheard one would end the process.
  request.on("error", heard.fault);
  request.end();
}

/** Waits for the body; false: broken off. */
async function bodyEnds(response: IncomingMessage): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  response.resume();
  for (const event of ["end", "error", "close"]) {
    response.on(event, () => resolve(response.complete));
  }
  return await promise;
}
