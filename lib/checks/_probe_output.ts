import { certificateFault } from "../base/http/certificate_fault.ts";
import { plainText } from "../base/plain_text.ts";

/** The most characters of a check's output that are told. */
export const outputLength = 200;

const reasons: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ENOTFOUND: "no such host",
  ETIMEDOUT: "no connection in time",
};

/** The output for a failed connection, without the address, which the check's line has. */
export function connectionFault(error: unknown): string {
  const { code = "", message = `${error}` } = error as { code?: string; message?: string };
  if (/failed to lookup/.test(message)) return "no such host";
  return reasons[code] ?? plainText(certificateFault(message)?.text ?? message, outputLength);
}

/** The output for a server that does not answer in time. */
export function noAnswer(timeoutMs: number): string {
  return `no answer within ${timeoutMs / 1000} s`;
}
