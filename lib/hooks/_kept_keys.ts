import { Invalid } from "../base/invalid.ts";
import { parseSeconds } from "../base/number.ts";
import type { KeyRow } from "../base/option_row.ts";

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
  read: isOne,
} satisfies KeyRow;

/**
 * Reads 1 or 0.
 *
 * @throws Invalid for anything else
 */
export function isOne(text: string): boolean {
  if (text !== "0" && text !== "1") throw new Invalid("right would be 1 or 0");
  return text === "1";
}

/**
 * Reads the time between two looks, in seconds; 0 is for never.
 *
 * @param leastMs the shortest such time, in milliseconds
 * @param message the error for a shorter one
 * @returns milliseconds
 * @throws Invalid
 */
export function verifyTime(text: string, leastMs: number, message: string): number {
  const verifyMs = parseSeconds(text, { zero: true });
  if (verifyMs > 0 && verifyMs < leastMs) throw new Invalid(message);
  return verifyMs;
}

/** A time in milliseconds, told in seconds. */
export function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
