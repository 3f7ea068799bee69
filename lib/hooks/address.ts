import ipaddr from "ipaddr.js";
import { Invalid } from "../base/invalid.ts";
import { isAddress, normalHost } from "../base/ip_address.ts";
import { parseSeconds } from "../base/number.ts";
import { type KeyRow, namesOf } from "../base/option_row.ts";
import { Pairs } from "../base/pairs.ts";
import { HookError, type HookKind } from "./action.ts";
import { type AddressSettings, HeldAddress, onOther } from "./held_address.ts";
import { otherDevices } from "./_neighbours.ts";
import { deviceOf, otherPrefix } from "./_on_device.ts";
import { isMissing, noDevice } from "./_own_address.ts";
import { advertiser, askDevice, isInstalled, missingTool } from "./_tool.ts";

const keys = {
  ip: {
    name: "ip",
    form: "ADDRESS/BITS",
    help: "the address, with the length of its net's prefix: `10.0.0.100/24`, `fd00::100/64`",
    required: true,
    read: cidr,
  },
  dev: {
    name: "dev",
    form: "DEVICE",
    help: "the network device that is to have it, such as `enp1s0.4000`",
    required: true,
    read: device,
  },
  repeat: {
    name: "repeat",
    form: "SECONDS",
    unit: "seconds",
    default: "10",
    help: "while lord, tell the neighbours so often (at least 1) where the address is",
    read: repeat,
  },
} satisfies Record<string, KeyRow>;

const rows: readonly KeyRow[] = Object.values(keys);

/** `address:` has an address on a device of this machine while its node may be lord. */
export const address: HookKind<AddressSettings> = {
  kind: "address",
  names: ["address"],
  keys: rows,

  read(argument) {
    const pairs = new Pairs(argument, namesOf(rows));
    return {
      ...pairs.value(keys.ip),
      dev: pairs.value(keys.dev),
      repeatMs: pairs.value(keys.repeat),
    };
  },

  describe: ({ ip, prefix, dev, repeatMs }) => [
    `address: have ${ip}/${prefix} on ${dev}, and tell the neighbours every ${repeatMs / 1000} s`,
  ],

  warnings: () => [],

  exclusive: ({ ip }) => ip,

  obstaclesHere({ ip, prefix, dev }) {
    const needed = ["ip", ip.includes(":") ? advertiser() : "arping"];
    const missing = needed.filter((program) => !isInstalled(program)).map(missingTool);
    const others = otherDevices({ ip, dev }).map((other) => onOther(ip, other));
    const said = missing.includes(missingTool("ip")) ? undefined : askDevice(dev);
    return [...missing, ...aboutDevice(said, { ip, prefix, dev }), ...others];
  },

  run(settings, context) {
    const { leaseMs } = context;
    if (leaseMs === undefined) throw new HookError("it is for the lord hooks of a node alone");
    return new HeldAddress(settings).have({ ...context, leaseMs });
  },

  upheld: (settings) => new HeldAddress(settings),
};

/** The obstacles in what `ip` says of a device; where it may not be asked, nothing is known. */
function aboutDevice(
  said: ReturnType<typeof askDevice>,
  { ip, prefix, dev }: Pick<AddressSettings, "ip" | "prefix" | "dev">,
): string[] {
  if (said instanceof HookError) return isMissing(said.message) ? [noDevice(dev)] : [];
  const device = said === undefined ? undefined : deviceOf(said);
  const other = device === undefined ? undefined : otherPrefix(device, ip, prefix);
  if (other === undefined) return [];
  const bits = other.slice(other.indexOf("/"));
  return [`${dev} has ${other}, and this is ${ip}/${prefix}: right would be ${ip}${bits}`];
}

function cidr(text: string): Pick<AddressSettings, "ip" | "prefix"> {
  const right = "right would be ADDRESS/BITS, such as 10.0.0.100/24";
  const [, ip = "", bits = ""] = /^([^/]+)\/([0-9]{1,3})$/.exec(text) ?? [];
  if (!isAddress(ip)) throw new Invalid(right);
  const parsed = ipaddr.parse(ip);
  const most = parsed.kind() === "ipv4" ? 32 : 128;
  if (Number(bits) < 1 || Number(bits) > most) throw new Invalid(`${right}, of 1 to ${most} bits`);
  const kinds = ["unspecified", "broadcast", "multicast", "loopback", "ipv4Mapped"];
  if (kinds.includes(parsed.range())) {
    throw new Invalid("right would be an address that one machine of a network can have");
  }
  return { ip: normalHost(ip), prefix: Number(bits) };
}

function device(text: string): string {
  // The kernel's own rule for names, without those that a program would take for an option.
  if (/^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,14}$/.test(text)) return text;
  throw new Invalid("right would be the name of a network device: 1 to 15 letters and digits");
}

function repeat(text: string): number {
  const ms = parseSeconds(text);
  if (ms < 1_000) throw new Invalid("right would be at least 1 second");
  return ms;
}
