import { castingOf } from "../../config/address.ts";
import { isAddress, isAmong } from "../../base/ip_address.ts";
import type { Address } from "../../base/address.ts";
import { ask } from "./_ask.ts";
import type { ParsedOptions } from "../options.ts";
import { UsageError } from "../usage_error.ts";

/**
 * The value of an option; where it is not given, the answer to a question.
 *
 * @param read reads the value or the answer; its UsageError says why it is wrong
 * @throws UsageError when the value is wrong, or there is no answer
 */
export function given<T>(
  options: ParsedOptions,
  name: string,
  question: string,
  read: (text: string) => T,
): T {
  const value = options.value(name);
  return value === undefined ? ask(question, read) : read(value);
}

/**
 * Reads an address that a server can have.
 *
 * @param option the option's name, for messages: `--ip`
 * @throws UsageError when it is none
 */
export function ipAddress(option: string, text: string): string {
  const right = isAddress(text) && castingOf({ host: text, port: 0 }) === "unicast";
  if (!right) throw new UsageError(`${option} takes an IP address, not ${text}`);
  return text;
}

/**
 * Takes a failover address that is none of the servers' own.
 *
 * @param nodes the own addresses of all nodes
 * @throws UsageError when it is: it would stay with its server
 */
export function sharedAddress(ip: string, nodes: readonly Address[]): string {
  if (!isAmong(ip, nodes.map(({ host }) => host))) return ip;
  throw new UsageError(
    `--ip: ${ip} is a server's own address, and stays with it: give the failover address, which ` +
      "is a further one",
  );
}
