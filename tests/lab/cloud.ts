import {
  type CloudSimulator,
  type CloudSimulatorOptions,
  startCloudSimulator,
} from "../../lib/hcloud/simulator.ts";

/** The tokens of {@link startCloud}: of the project, the same for reading, and of another project. */
export const tokens = { project: "secret", readOnly: "reader", other: "stranger" };

/** A Cloud of two projects; an address and a subnet of the first are at its server 42. */
export function startCloud(
  options: Partial<CloudSimulatorOptions> = {},
): Promise<CloudSimulator> {
  return startCloudSimulator({
    projects: [{
      tokens: [tokens.project, { token: tokens.readOnly, readOnly: true }],
      servers: [
        {
          id: 42,
          name: "one",
          ipv4: "192.0.2.1",
          ipv6: "2001:db8:1::/64",
          privateNets: [{ network: 7, ip: "10.0.0.2", aliasIps: ["10.0.0.10", "10.0.0.11"] }],
        },
        {
          id: 43,
          name: "two",
          ipv4: "192.0.2.2",
          privateNets: [{ network: 7, ip: "10.0.0.3" }],
        },
        { id: 44, name: "far", location: "ash" },
        { id: 45, name: "six", ipv4: null },
        { id: 46, name: "three" },
      ],
      networks: [{ id: 7, name: "lan", ipRange: "10.0.0.0/16" }],
      floatingIps: [
        { id: 11, ip: "131.232.99.1", name: "web", server: 42 },
        { id: 12, ip: "2001:db8:f::/64", name: "web6", server: 42 },
      ],
    }, {
      tokens: [tokens.other],
      servers: [{ id: 50 }],
    }],
    ...options,
  });
}

/** All error codes that a takeover must tell apart. */
export const errorCodes = [
  ...["unauthorized", "forbidden", "token_readonly", "not_found", "invalid_input", "json_error"],
  ...["protected", "unsupported_error", "deprecated_api_endpoint", "resource_locked"],
  ...["server_not_stopped", "floating_ip_assigned", "locked", "conflict", "rate_limit_exceeded"],
  ...["maintenance", "unavailable", "timeout", "bad_gateway", "server_error", "service_error"],
  "unknown_error",
] as const;

/** A Cloud with 120 servers and as many floating addresses, more than two pages; ids 1 to 120. */
export function startCloudWithMany(): Promise<CloudSimulator> {
  const ids = Array.from({ length: 120 }, (_, i) => i + 1);
  return startCloudSimulator({
    projects: [{
      tokens: [tokens.project],
      servers: ids.map((id) => ({ id })),
      floatingIps: ids.map((id) => ({ id, ip: `203.0.113.${id}` })),
    }],
  });
}

/** The outcomes of a Cloud's requests from one on, in words: `POST /floating_ips/11/…: 201`. */
export function outcomes(cloud: CloudSimulator, from = 0): string[] {
  return cloud.requests.slice(from).map(({ method, path, outcome }) =>
    `${method} ${path}: ${outcome}`
  );
}
