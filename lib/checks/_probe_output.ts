import { plainText } from "../base/plain_text.ts";

/** How much of what a check says is told. */
export const outputLength = 200;

const reasons: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ENOTFOUND: "no such host",
  ETIMEDOUT: "no connection in time",
};

/** What is told of a connection that failed; without the address, which the check's line has. */
export function connectionFault(error: unknown): string {
  const { code = "", message = `${error}` } = error as { code?: string; message?: string };
  return reasons[code] ?? plainText(message, outputLength);
}

/** What is told of a server that takes its time. */
export function noAnswer(timeoutMs: number): string {
  return `no answer within ${timeoutMs / 1000} s`;
}
