import { Invalid } from "../base/invalid.ts";
import { isAddress } from "../base/ip_address.ts";
import { type KeyRow, namesOf } from "../base/option_row.ts";
import { Pairs } from "../base/pairs.ts";
import { type KeptFloatingIp, keptFloatingIp } from "../hcloud/floating.ts";
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
  ip: {
    name: "ip",
    form: "ADDRESS",
    otherwise: "`name` or `id`",
    help: "the floating IP, or an address of its IPv6 subnet",
    read: address,
  },
  name: {
    name: "name",
    form: "NAME",
    otherwise: "`ip` or `id`",
    help: "the name of the floating IP in the Cloud",
    read: name,
  },
  id: {
    name: "id",
    form: "NUMBER",
    otherwise: "`ip` or `name`",
    help: "the id of the floating IP in the Cloud",
    read: id,
  },
} satisfies Record<string, KeyRow>;

const rows: readonly KeyRow[] = [...Object.values(keys), ...cloudRows];

/** `hcloud-floating-ip:` gives a floating IP of the Hetzner Cloud to a server (hcloud/API.md). */
export const hcloudFloatingIp: HookKind<KeptFloatingIp> = {
  kind: "hcloud-floating-ip",
  names: ["hcloud-floating-ip"],
  keys: rows,

  read(argument, _written, secretIn) {
    const pairs = new Pairs(argument, namesOf(rows));
    const given = Object.entries(keys).flatMap(([by, row]) => {
      const ip = pairs.given(row);
      return ip === undefined ? [] : [{ by: by as KeptFloatingIp["by"], ip }];
    });
    if (given.length !== 1) throw new Invalid("right would be one of the keys ip, name and id");
    return { ...given[0], ...readCloudKeys(pairs, secretIn) };
  },

  describe: (settings) => {
    const { by, ip, server } = settings;
    const which = by === "ip" ? ip : `the one with the ${by} ${ip}`;
    return [
      `hcloud-floating-ip: assign ${which} to ${server === "self" ? "this server" : server}`,
      ...describeCloudKeys(settings),
    ];
  },

  warnings: warningsOfCloudKeys,

  files: filesOfKept,

  run: (settings, context) => moveHere(keptFloatingIp(settings), context),

  provider: (settings, changed) => keptFloatingIp({ ...settings, ...changed }),
};

function address(text: string): string {
  if (isAddress(text)) return text;
  throw new Invalid("this is no IP address");
}

function name(text: string): string {
  if (/^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u.test(text)) return text;
  throw new Invalid("right would be the name of a floating IP");
}

function id(text: string): string {
  if (/^[1-9]\d{0,14}$/.test(text)) return text;
  throw new Invalid("right would be a whole number from 1");
}
