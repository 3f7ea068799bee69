// The fields of a configuration as `--check-config` shows them, secrets left out.
import type { FailbackUse } from "../base/failback_use.ts";
import type { FlapLimit } from "../base/flap_limit.ts";
import type { LeaseUse } from "../base/lease_use.ts";
import type { Address } from "../base/address.ts";
import type { Check, CheckProbe } from "../base/check.ts";
import { maskedUrl, withMaskedUrls } from "../base/masked_url.ts";
import { formatAddress } from "./address.ts";

/** A duration in milliseconds as seconds with their unit. */
export function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

/** The addresses of nodes in one line. */
export function shownNodes(nodes: readonly Address[]): string {
  return nodes.length === 0 ? "none" : nodes.map(formatAddress).join(", ");
}

/** The use of the lease, with the time of a release in milliseconds. */
export function shownLease(lease: LeaseUse, { releaseMs }: { readonly releaseMs: number }): string {
  const release = releaseMs === 0 ? "" : `, release ${seconds(releaseMs)} before it ends`;
  switch (lease) {
    case "auto":
      return `auto: unless a uWSGI node is a member${release}`;
    case "on":
      return `on: uWSGI members are ignored${release}`;
    case "off":
      return "off: two nodes may be lord at one instant";
  }
}

/** The moment at which the title is taken back. */
export function shownFailback(failback: FailbackUse): string {
  switch (failback.kind) {
    case "immediate":
      return "immediate: a higher valor takes the title back at once";
    case "delay":
      return `after ${seconds(failback.delayMs)} as an arbiter`;
    case "manual":
      return "manual: an arbiter until `failover promote`";
  }
}

/** The limit of how often the title may be lost. */
export function shownFlap({ count, withinMs }: FlapLimit): string {
  return `stand back when the title is lost more than ${count} times in ${seconds(withinMs)}`;
}

/** A check in one line: the question, how often it is put, and how many answers decide. */
export function shownCheck(check: Check): string {
  const { name, probe, intervalMs, timeoutMs, rise, fall, leader } = check;
  const often = `each ${seconds(intervalMs)} for at most ${seconds(timeoutMs)}`;
  return `${name}: ${shownProbe(probe)}, ${often}, rise ${rise}, fall ${fall}${
    leader ? ", who leads" : ""
  }`;
}

function shownProbe(probe: CheckProbe): string {
  switch (probe.kind) {
    case "cmd":
      return `cmd=${withMaskedUrls(probe.written)}`;
    case "http":
      return [
        `http=${maskedUrl(probe.url)}`,
        ...probe.status === 0 ? [] : [`status ${probe.status}`],
        ...probe.ca === undefined ? [] : [`trust ${probe.ca}`],
      ].join(", ");
    case "tcp":
      return `tcp=${formatAddress(probe.address)}`;
  }
}
