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
