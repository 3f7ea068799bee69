import type { FailbackUse } from "../base/failback_use.ts";
import type { FlapLimit } from "../base/flap_limit.ts";
import { type LeaseUse, leaseUses } from "../base/lease_use.ts";
import { castingOf, isIpv6, isWildcard, normalAddress, parseAddress } from "./address.ts";
import type { Address } from "../base/address.ts";
import type { Check } from "../base/check.ts";
import type { LegionConfig } from "./config.ts";
import { Invalid } from "../base/invalid.ts";
import { majorityOf } from "./voters.ts";
import { parseSeconds, parseWhole } from "../base/number.ts";

/** The size of the largest scroll that fits into a datagram with the rest, in bytes. */
const largestScroll = 32_768;

/** The value of `legion-scroll-max-size`, in bytes. @throws Invalid */
export function scrollSize(text: string): number {
  const size = parseWhole(text);
  if (size > largestScroll) throw new Invalid(`a scroll of at most ${largestScroll} bytes fits`);
  return size;
}

/** The value of `legion-scroll`, of at most `maxSize` bytes. @throws Invalid */
export function scroll(text: string, maxSize: number): string {
  const size = new TextEncoder().encode(text).length;
  if (size > maxSize) {
    throw new Invalid(`the scroll is ${size} bytes long, legion-scroll-max-size is ${maxSize}`);
  }
  return text;
}

const authForm = "legion-auth = NAME hmac-sha256:SECRET";

/** The secret in the value of `legion-auth`. @throws Invalid */
export function authSecret(text: string): string {
  const match = /^hmac-sha256:(.+)$/s.exec(text);
  if (match === null) throw new Invalid(`right would be ${authForm}`);
  return match[1];
}

/** The value of `legion-lease`. @throws Invalid */
export function leaseUse(text: string): LeaseUse {
  const use = leaseUses.find((use) => use === text);
  if (use === undefined) throw new Invalid(`right would be one of ${leaseUses.join(", ")}`);
  return use;
}

/** The value of `legion-release-time`, in milliseconds. @throws Invalid */
export function releaseTime(text: string, toleranceMs: number): number {
  const ms = parseSeconds(text, { zero: true });
  if (ms * 2 > toleranceMs) {
    throw new Invalid("it is more than half of legion-tolerance: no lease would last that long");
  }
  return ms;
}

/** The value of `legion-failback`, its delay in milliseconds. @throws Invalid */
export function failback(text: string): FailbackUse {
  if (text === "immediate" || text === "manual") return { kind: text };
  const match = /^delay\s+(\S+)$/.exec(text);
  if (match === null) throw new Invalid("right would be one of immediate, delay SECONDS, manual");
  return { kind: "delay", delayMs: parseSeconds(match[1]) };
}

/** The value of `legion-flap`, its time in milliseconds. @throws Invalid */
export function flapLimit(text: string): FlapLimit {
  const match = /^(\S+)\s*\/\s*(\S+)$/.exec(text);
  if (match === null) throw new Invalid("right would be COUNT/SECONDS, as 3/600");
  return { count: atLeastOne(match[1]), withinMs: parseSeconds(match[2]) };
}

/** A whole number from 1. @throws Invalid */
export function atLeastOne(text: string): number {
  const number = parseWhole(text);
  if (number === 0) throw new Invalid("right would be a whole number from 1");
  return number;
}

/**
 * Checks that a legion with `legion-lease` on lists its nodes, and has a quorum of more than half of
 * them: any two quorums then share a node, so that two lords at once are impossible.
 *
 * @throws Invalid when it does not
 */
export function checkLease({ lease, quorum, voters }: LegionConfig): void {
  if (lease !== "on") return;
  const { length: count } = voters;
  if (count === 0) {
    throw new Invalid(
      "legion-lease is on, and without a legion-node line for each node there can be no lease",
    );
  }
  const needed = majorityOf(count);
  if (quorum >= needed) return;
  throw new Invalid(
    `legion-lease is on and legion-quorum is ${quorum}: it must be more than half of its ${count} ` +
      `nodes, at least ${needed}`,
  );
}

/** The value of `multicast-ttl`. @throws Invalid */
export function timeToLive(text: string): number {
  const ttl = parseWhole(text);
  if (ttl > 255) throw new Invalid("right would be a whole number from 0 to 255");
  return ttl;
}

/** A node's address, of the same family as the legion's own. @throws Invalid */
export function nodeAddress(text: string, own: Address | undefined): Address {
  const node = parseAddress(text);
  if (own !== undefined && isIpv6(node) !== isIpv6(own)) {
    throw new Invalid("a node and the legion's own address must both be IPv4 or both IPv6");
  }
  return node;
}

/** The address by which the other nodes list this one. @throws Invalid */
export function ownAddress(text: string, bound: Address | undefined): Address {
  const own = nodeAddress(text, bound);
  if (castingOf(own) === "unicast" && !isWildcard(own)) return own;
  throw new Invalid("right would be the address by which the others list this node");
}

/** The value of `stats-http`, which uWSGI takes for on whatever it is. @throws Invalid */
export function isOn(text: string): boolean {
  if (/^(1|true|yes|on|)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new Invalid("right would be true or false, and the address in stats");
}

/** The nodes, each only once. */
export function distinct(nodes: readonly Address[]): Address[] {
  const different = new Map(nodes.map((node) => [normalAddress(node), node]));
  return [...different.values()];
}

/** The checks, each under a name of its own. */
export function distinctlyNamed(checks: readonly Check[]): readonly Check[] {
  const taken = new Set<string>();
  return checks.map((check) => {
    let { name } = check;
    for (let number = 2; taken.has(name); number++) name = `${check.name}-${number}`;
    taken.add(name);
    return { ...check, name };
  });
}
