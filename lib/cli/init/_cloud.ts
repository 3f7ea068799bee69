import { escapeKeyval } from "../../base/keyval.ts";
import { netAddress } from "../../base/ip_address.ts";
import { given, ipAddress, sharedAddress } from "./_given.ts";
import type { InitProvider } from "./_provider.ts";

/** The Hetzner Cloud, which assigns floating IPs to its servers. */
export const cloudInit: InitProvider = {
  title: "the Hetzner Cloud",
  flags: ["--hcloud"],
  keyFile: { option: "token-file", ending: ".token" },
  needed: ["ip"],
  example: ["--ip", "131.232.99.1"],
  placeholders: ["--ip", "ADDRESS"],
  foreign: ["user", "password-file", "active-ip"],

  failover(options, { nodes, keyFile }) {
    const ip = given(options, "ip", ipQuestion, (text) => {
      return sharedAddress(floatingAddress(text), nodes);
    });
    return {
      ip,
      key: {
        file: keyFile,
        title: "the token of the Cloud's project",
        label: "Token",
      },
      comment: [
        "When this node is elected, the Cloud assigns the floating IP to this server, whose id it asks",
        "for at the start (self).",
      ],
      facts: [],
      action: `hcloud-floating-ip:token_file=${escapeKeyval(keyFile)},ip=${ip},server=self`,
      optionsAt: () => ["--ip", ip],
    };
  },
};

const ipQuestion = `The floating IP that they share, as the Cloud's console shows it.
Floating IP (such as 131.232.99.1, or 2a01:4f8:fff1::/64)`;

/** Reads a floating IP; one of IPv6 is a subnet, which the Cloud writes with its length. */
function floatingAddress(text: string): string {
  return netAddress(ipAddress("--ip", text.replace(/\/64$/, "")));
}
