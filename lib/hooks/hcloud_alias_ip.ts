import { Invalid } from "../base/invalid.ts";
import { isAddress } from "../base/ip_address.ts";
import { type KeyRow, namesOf } from "../base/option_row.ts";
import { Pairs } from "../base/pairs.ts";
import { type KeptAliasIp, keptAliasIp } from "../hcloud/alias.ts";
import type { HookKind } from "./action.ts";
import {
  cloudRows,
  describeCloudKeys,
  readCloudKeys,
  warningsOfCloudKeys,
} from "./_hcloud_keys.ts";
import { filesOfKept } from "./_kept_keys.ts";
import { moveHere } from "./_move_here.ts";

const keys = {
  network: {
    name: "network",
    form: "NUMBER",
    help: "the id of the private network",
    required: true,
    read: id,
  },
  ip: {
    name: "ip",
    form: "ADDRESS",
    help: "the alias IP: an address of that network which is no server's own",
    required: true,
    read: address,
  },
} satisfies Record<string, KeyRow>;

const rows: readonly KeyRow[] = [...Object.values(keys), ...cloudRows];

/** `hcloud-alias-ip:` gives an alias IP of a private network to a server (hcloud/API.md). */
export const hcloudAliasIp: HookKind<KeptAliasIp> = {
  kind: "hcloud-alias-ip",
  names: ["hcloud-alias-ip"],
  keys: rows,

  read(argument, _written, secretIn) {
    const pairs = new Pairs(argument, namesOf(rows));
    const network = pairs.value(keys.network);
    const ip = pairs.value(keys.ip);
    return { network, ip, ...readCloudKeys(pairs, secretIn) };
  },

  describe: (settings) => {
    const { ip, network, server } = settings;
    const to = server === "self" ? "this server" : server;
    return [
      `hcloud-alias-ip: give ${ip} of network ${network} to ${to}`,
      ...describeCloudKeys(settings),
    ];
  },

  warnings: warningsOfCloudKeys,

  files: filesOfKept,

  run: (settings, context) => moveHere(keptAliasIp(settings), context),

  provider: (settings, changed) => keptAliasIp({ ...settings, ...changed }),
};

function address(text: string): string {
  if (isAddress(text) && !text.includes(":")) return text;
  throw new Invalid("right would be an IPv4 address: the Cloud's private networks have no others");
}

function id(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Invalid("right would be the id of the network, a whole number");
}
