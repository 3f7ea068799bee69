import { Invalid } from "../base/invalid.ts";
import { isLoopback } from "../base/loopback.ts";
import { parseFlag, parseSeconds } from "../base/number.ts";
import type { KeyRow } from "../base/option_row.ts";
import type { KeptAddress } from "../move/provider.ts";
import { describeProxy, type Proxied } from "./_proxy_key.ts";

/** The key of the limit for one request; each provider has a default of its own. */
export const timeoutKey = {
  name: "timeout",
  form: "SECONDS",
  unit: "seconds",
  help: "the time for one request",
  read: (text: string) => parseSeconds(text),
} satisfies KeyRow;

/** The key of the limit for a whole takeover; each provider has a default of its own. */
export const deadlineKey = {
  name: "deadline",
  form: "SECONDS",
  unit: "seconds",
  help: "the time for the whole takeover, retries included",
  read: (text: string) => parseSeconds(text),
} satisfies KeyRow;

/** The key of the certificates to trust, alike for all providers. */
export const caKey = {
  name: "ca",
  form: "FILE",
  help: "a PEM file to trust besides the system's certificates",
  read: (text: string) => text,
} satisfies KeyRow;

/** The key that says whether an address is taken back. */
export const reclaimKey = {
  name: "reclaim",
  form: "1 or 0",
  default: "1",
  help: "1: take the address back when it is elsewhere while lord; 0: only warn",
  read: parseFlag,
} satisfies KeyRow;

/** The key that says whether a look at the start shows mistakes. */
export const preflightKey = {
  name: "preflight",
  form: "1 or 0",
  default: "1",
  help: "1: look once, a second after the start, where the address is: mistakes show then",
  read: parseFlag,
} satisfies KeyRow;

/**
 * The key of the time between two looks while lord.
 *
 * @param least the shortest such time, in seconds
 * @param standard the default, in seconds
 * @param why the reason for the shortest time, as the end of a sentence; by default none is told
 */
export function verifyKey(least: number, standard: number, why?: string) {
  const problem = `at least ${least} seconds, or 0 for never${why === undefined ? "" : `: ${why}`}`;
  return {
    name: "verify",
    form: "SECONDS",
    unit: "seconds",
    default: `${standard}`,
    help: `while lord, look so often (at least ${least}) where the address is; 0: never`,
    read(text: string) {
      const verifyMs = parseSeconds(text, { zero: true });
      if (verifyMs > 0 && verifyMs < least * 1000) throw new Invalid(problem);
      return verifyMs;
    },
  } satisfies KeyRow;
}

/** The settings that these keys are read into. */
interface Kept
  extends Proxied, Pick<KeptAddress, "timeoutMs" | "deadlineMs" | "verifyMs" | "reclaim"> {
  readonly preflight?: boolean;
  readonly ca?: string;
}

/** These settings in lines to read; the look at the start only where there is a key for it. */
export function describeKept(settings: Kept): string[] {
  const { timeoutMs, deadlineMs, preflight = false, verifyMs, reclaim, ca } = settings;
  const elsewhere = reclaim ? "take it back" : "warn";
  return [
    `${seconds(timeoutMs)} for a request, ${seconds(deadlineMs)} in all`,
    ...preflight ? ["look once at the start"] : [],
    ...verifyMs === 0 ? [] : [`look each ${seconds(verifyMs)} as lord and ${elsewhere}`],
    ...describeProxy(settings),
    ...ca === undefined ? [] : [`trust ${ca}`],
  ];
}

/** The files that are read when the provider is asked; a `ca` may also be the text of a PEM file. */
export function filesOfKept({ ca }: Pick<Kept, "ca">): string[] {
  return ca === undefined || ca.includes("-----BEGIN") ? [] : [ca];
}

/** Whether others on the way can read a request to this URL. */
export function isReadable(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && !isLoopback(hostname);
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
