import { httpUrl } from "../base/http_url.ts";
import { Invalid } from "../base/invalid.ts";
import { isAddress, netAddress, sameAddress } from "../base/ip_address.ts";
import { isLoopback } from "../base/loopback.ts";
import { maskedUrl } from "../base/masked_url.ts";
import { type KeyRow, namesOf } from "../base/option_row.ts";
import { Pairs } from "../base/pairs.ts";
import { keptByRobot, type KeptSettings } from "../robot/provider.ts";
import { failoverUrl } from "../robot/url.ts";
import type { HookKind } from "./action.ts";
import {
  caKey,
  deadlineKey,
  describeKept,
  filesOfKept,
  isReadable,
  preflightKey,
  reclaimKey,
  timeoutKey,
  verifyKey,
} from "./_kept_keys.ts";
import { moveHere } from "./_move_here.ts";
import { proxyKey, warningsOfProxy } from "./_proxy_key.ts";

const keys = {
  username: {
    name: "username",
    aliases: ["user"],
    form: "NAME",
    help: "the Robot's web service user",
    required: true,
    read: asIs,
  },
  password: {
    name: "password",
    aliases: ["pass"],
    form: "PASSWORD",
    otherwise: "required",
    help: "the password of that user; or `password_file`",
    read: asIs,
  },
  passwordFile: {
    name: "password_file",
    form: "FILE",
    help: "the file whose first line is the password, as it is, in the place of `password`",
    read: asIs,
  },
  ip: {
    name: "ip",
    form: "ADDRESS",
    help: "the failover address, or the net address of a failover subnet",
    required: true,
    read: address,
  },
  activeServerIp: {
    name: "active_ip",
    aliases: ["active_server_ip"],
    form: "ADDRESS",
    help: "this server's main address; for a subnet the net address of its main IPv6 subnet",
    required: true,
    read: address,
  },
  // The plugin's: a POST answers when the switch is done (robot/API.md, "How long a switch takes").
  timeout: { ...timeoutKey, default: "60" },
  url: {
    name: "url",
    form: "URL",
    otherwise: "the Robot's own",
    help: "the whole URL to ask",
    read: robotUrl,
  },
  deadline: { ...deadlineKey, otherwise: "3 × `timeout`" },
  sslNoVerify: {
    name: "ssl_no_verify",
    form: "ANYTHING",
    help: "any value: do not verify the certificate",
    read: () => true,
  },
  ca: caKey,
  proxy: proxyKey,
  verify: verifyKey(60, 300, "100 looks an hour are all there are"),
  reclaim: reclaimKey,
  preflight: preflightKey,
} satisfies Record<string, KeyRow>;

const rows: readonly KeyRow[] = Object.values(keys);

/** `hetzner-failoverip:` routes a failover address here by the Robot (robot/API.md, "The action"). */
export const hetznerFailoverip: HookKind<KeptSettings> = {
  kind: "hetzner-failoverip",
  names: ["hetzner-failoverip"],
  keys: rows,

  read(argument, _written, secretIn) {
    const pairs = new Pairs(argument, namesOf(rows));
    const username = pairs.value(keys.username);
    const password = pairs.secret(keys.password, keys.passwordFile, secretIn);
    const ip = pairs.value(keys.ip);
    const activeServerIp = pairs.value(keys.activeServerIp);
    if (ip.includes(":") !== activeServerIp.includes(":")) {
      throw new Invalid("ip and active_ip must both be IPv4 or both IPv6");
    }
    // On loopback this machine is all servers, and may have no second address.
    if (sameAddress(ip, activeServerIp) && !isLoopback(ip)) {
      throw new Invalid(
        "active_ip is the failover address itself: right would be this server's own",
      );
    }
    const timeoutMs = pairs.value(keys.timeout);
    return {
      username,
      password,
      ip,
      activeServerIp,
      url: pairs.given(keys.url) ?? failoverUrl(ip),
      timeoutMs,
      deadlineMs: pairs.given(keys.deadline) ?? 3 * timeoutMs,
      sslNoVerify: pairs.given(keys.sslNoVerify) ?? false,
      ca: pairs.given(keys.ca),
      proxy: pairs.given(keys.proxy),
      verifyMs: pairs.value(keys.verify),
      reclaim: pairs.value(keys.reclaim),
      preflight: pairs.value(keys.preflight),
    };
  },

  describe(settings) {
    const { ip, activeServerIp, username, url, sslNoVerify } = settings;
    return [
      `hetzner-failoverip: route ${ip} to ${activeServerIp}`,
      `by ${maskedUrl(url)}, user ${username}, password ***`,
      ...describeKept(settings),
      ...sslNoVerify ? ["do not verify the certificate"] : [],
    ];
  },

  warnings({ sslNoVerify, url, proxy }) {
    return [
      ...sslNoVerify ? ["ssl_no_verify: anybody on the way can read the password"] : [],
      ...isReadable(url) ? ["over http the password is readable"] : [],
      ...warningsOfProxy({ url, proxy }),
    ];
  },

  files: filesOfKept,

  run: (settings, context) => moveHere(keptByRobot(settings), context),

  provider: (settings, changed) => keptByRobot({ ...settings, ...changed }),
};

function asIs(text: string): string {
  return text;
}

function address(text: string): string {
  if (!isAddress(text)) throw new Invalid("this is no IP address");
  const net = netAddress(text);
  if (sameAddress(text, net)) return text;
  throw new Invalid(`the Robot knows an IPv6 subnet by its net address: right would be ${net}`);
}

function robotUrl(text: string): string {
  const url = httpUrl(text);
  if (url.hostname.startsWith("[")) throw new Invalid("the Robot is asked over IPv4");
  if (url.username !== "" || url.password !== "") {
    throw new Invalid("user and password have keys of their own");
  }
  return text;
}
