import type { Action } from "../../base/action_kind.ts";
import { isAddress } from "../../base/ip_address.ts";
import { cloudUrl } from "../../hcloud/client.ts";
import type { KeptFloatingIp } from "../../hcloud/floating.ts";
import { metadataUrl } from "../../hcloud/self.ts";
import { hcloudFloatingIp } from "../../hooks/hcloud_floating_ip.ts";
import { hetznerFailoverip } from "../../hooks/hetzner_failoverip.ts";
import type { KeptSettings } from "../../robot/provider.ts";
import { failoverUrl } from "../../robot/url.ts";
import type { Credentials } from "./_credentials.ts";

/** Nobody keeps an address that is moved by hand at its server. */
const notKept = { verifyMs: 0, reclaim: false, preflight: false };

/**
 * The action that moves an address with credentials of the command line or the environment, as a
 * configuration would have it; its server is none.
 *
 * @param ip the address; for the Cloud also the name or the id of a floating IP
 */
export function givenAction(given: Credentials, ip: string): Action {
  if ("token" in given) {
    const settings: KeptFloatingIp = {
      ...given,
      ip,
      by: isAddress(ip) ? "ip" : /^\d+$/.test(ip) ? "id" : "name",
      server: "",
      url: cloudUrl,
      metadata: metadataUrl,
      timeoutMs: 10_000,
      deadlineMs: 60_000,
      ...notKept,
    };
    return { kind: hcloudFloatingIp.kind, settings };
  }
  const timeoutMs = 60_000;
  const settings: KeptSettings = {
    ...given,
    ip,
    activeServerIp: "",
    url: failoverUrl(ip),
    timeoutMs,
    deadlineMs: 3 * timeoutMs,
    ...notKept,
  };
  return { kind: hetznerFailoverip.kind, settings };
}
