import ipaddr from "ipaddr.js";
import { escapeKeyval } from "../../base/keyval.ts";
import type { Address } from "../../base/address.ts";
import { isNetAddress, netAddress, sameAddress } from "../../base/ip_address.ts";
import { ask } from "./_ask.ts";
import { given, ipAddress, sharedAddress } from "./_given.ts";
import type { InitProvider } from "./_provider.ts";
import type { ParsedOptions } from "../options.ts";
import { UsageError } from "../usage_error.ts";

/** The Robot, which routes failover addresses to dedicated servers. */
export const robotInit: InitProvider = {
  title: "the Robot",
  flags: [],
  keyFile: { option: "password-file", ending: ".password" },
  needed: ["ip", "user"],
  example: ["--ip", "4.4.4.4", "--user", "NAME"],
  placeholders: ["--ip", "ADDRESS", "--user", "NAME"],
  foreign: ["token-file"],

  failover(options, { me, nodes, keyFile, canAsk }) {
    const ip = given(options, "ip", ipQuestion, (text) => {
      return sharedAddress(robotAddress("--ip", text), nodes);
    });
    const activeIp = mainAddress(options, { me, ip, canAsk });
    const user = given(options, "user", userQuestion, webserviceUser);
    const [what, where] = ip.includes(":")
      ? ["subnet", "main IPv6 subnet"]
      : ["address", "main address"];
    const action = [
      `username=${escapeKeyval(user)}`,
      `password_file=${escapeKeyval(keyFile)}`,
      `ip=${ip}`,
      `active_ip=${activeIp}`,
    ];
    return {
      ip,
      key: {
        file: keyFile,
        title: `the password of ${user}`,
        label: "Password",
      },
      comment: [
        `When this node is elected, the Robot routes the failover ${what} to this server's ${where}.`,
      ],
      facts: [["main address", activeIp], ["Robot's user", user]],
      action: `hetzner-failoverip:${action.join(",")}`,
      optionsAt({ host }) {
        // The other servers' main addresses are not known here.
        const what = isNetAddress(ip) ? "IPV6-NET-OF" : "MAIN-ADDRESS-OF";
        const isKnown = sameAddress(activeIp, netAddress(me.host));
        const main = isKnown ? [] : ["--active-ip", `${what}-${host}`];
        return ["--ip", ip, ...main, "--user", user];
      },
    };
  },
};

const ipQuestion = `The failover address that they share, as it was ordered with the Robot; of an
IPv6 subnet its net address.
Failover address (such as 4.4.4.4, or 2a01:4f8:fff1::)`;
const userQuestion =
  `The user of the Robot's webservice, who may switch the failover address. In the
Robot it is made under Settings, Webservice and app settings.
User`;

/**
 * The server's main address; for an IPv6 subnet the net address of its main subnet. `--me` cannot
 * always tell it: the nodes' addresses may be private, or of the other family.
 */
function mainAddress(
  options: ParsedOptions,
  { me: { host }, ip, canAsk }: { me: Address; ip: string; canAsk: boolean },
): string {
  const reason = notRoutable(host, ip);
  const given = options.value("active-ip") ?? (reason === undefined ? netAddress(host) : undefined);
  const read = (text: string) => {
    const reason = notRoutable(ipAddress("--active-ip", text), ip);
    if (reason !== undefined) throw new UsageError(`--active-ip: ${reason}`);
    if (!sameAddress(robotAddress("--active-ip", text), ip)) return text;
    throw new UsageError(`--active-ip: ${text} is the failover address itself`);
  };
  if (given !== undefined) return read(given);
  const [what, example] = ip.includes(":")
    ? ["the net address of this server's main IPv6 subnet", "2a01:4f8:d0a:2003::"]
    : ["this server's main address", "1.1.1.1"];
  if (canAsk) {
    return ask(`${reason}.\n${what[0].toUpperCase()}${what.slice(1)} (such as ${example})`, read);
  }
  throw new UsageError(`${reason}: give ${what} as --active-ip, such as ${example}`);
}

function notRoutable(host: string, ip: string): string | undefined {
  if (["private", "uniqueLocal"].includes(ipaddr.parse(host).range())) {
    return `the Robot routes to no private address such as ${host}`;
  }
  if (host.includes(":") === ip.includes(":")) return undefined;
  return `${ip} can only be routed to an address of its own family, not to ${host}`;
}

function webserviceUser(text: string): string {
  if (/^[^\s()]+$/.test(text)) return text;
  throw new UsageError("--user takes a name without spaces and parentheses");
}

/**
 * Reads an address of the Robot's: of a subnet its net address.
 *
 * @throws UsageError with the right one
 */
function robotAddress(option: string, text: string): string {
  const net = netAddress(ipAddress(option, text));
  if (sameAddress(text, net)) return text;
  throw new UsageError(`${option}: the Robot knows an IPv6 subnet by its net address, ${net}`);
}
