import ipaddr from "ipaddr.js";
import type { LegionConfig } from "./config.ts";

/** What a legion is allowed to have and is unwise, one sentence each, with file and line. */
export function warningsOf({ hooks }: LegionConfig): string[] {
  return hooks.flatMap(({ file, line, action }) => {
    if (action.kind !== "hetzner-failoverip") return [];
    const { sslNoVerify, url } = action.failoverip;
    const place = `${file}:${line}: hetzner-failoverip`;
    const { protocol, hostname } = new URL(url);
    return [
      ...sslNoVerify ? [`${place}: ssl_no_verify: anybody on the way can read the password`] : [],
      ...protocol === "http:" && !isLoopback(hostname)
        ? [`${place}: over http the password is readable`]
        : [],
    ];
  });
}

function isLoopback(host: string): boolean {
  return host === "localhost" ||
    (ipaddr.isValid(host) && ipaddr.parse(host).range() === "loopback");
}
