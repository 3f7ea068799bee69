import { errorMessage } from "../base/error_message.ts";
import { sameAddress } from "../base/ip_address.ts";
import { HookError, type UpheldMeans } from "./action.ts";
import { runInTime } from "./_in_time.ts";
import { type Device, deviceOf, hasNet } from "./_on_device.ts";
import { remedy } from "./_rights.ts";
import { type RunTool, showDevice } from "./_tool.ts";

/** An address, and the device that has it. */
export interface Placed {
  /** The address, in its normal form. */
  readonly ip: string;
  /** The length of its net's prefix, in bits. */
  readonly prefix: number;
  /** The device. */
  readonly dev: string;
}

/** How much earlier than the lease the kernel removes an address, in milliseconds. */
const marginMs = 250;
/** The longest time that the kernel keeps an address by itself, in seconds. */
const mostSeconds = 60;

/** The commands about one address on a device, of whatever action, run one after the other. */
const turns = new Map<string, Promise<unknown>>();
/** The names of the addresses that were added last: a reload may give one another prefix. */
const added = new Map<string, string>();

/** An address on a device, as the kernel has it and takes it: by commands of `ip`. */
export class OwnAddress {
  readonly #placed: Placed;
  readonly #run: RunTool;

  /** Does nothing yet. */
  constructor(placed: Placed, run: RunTool) {
    this.#placed = placed;
    this.#run = run;
  }

  /** The address, its prefix and its device: `10.0.0.100/24 on eth0`. */
  get name(): string {
    return `${this.#cidr} on ${this.#placed.dev}`;
  }

  /**
   * Asks for the device.
   *
   * @throws HookError where there is none, or `ip` does not answer
   */
  async device(): Promise<Device> {
    const { dev } = this.#placed;
    const device = deviceOf(await this.#ip(showDevice(dev)));
    if (device === undefined) throw new HookError(`ip does not tell of the device ${dev}`);
    return device;
  }

  /** The prefixes with which a device has the address. */
  prefixesOn({ addresses }: Device): number[] {
    return addresses.filter(({ ip }) => sameAddress(ip, this.#placed.ip))
      .map(({ prefix }) => prefix);
  }

  /** Whether a device has the address, with the prefix that it is to have. */
  isOn(device: Device): boolean {
    return this.prefixesOn(device).includes(this.#placed.prefix);
  }

  /**
   * Adds the address, or lets it last longer; one with another prefix is removed first. The result is
   * the device as it was before; undefined: too little is left of the lease, or was when the command
   * began.
   *
   * @param means as those of an {@link Upheld}
   * @throws HookError where that cannot be done
   * @throws the signal's reason when it was aborted before
   */
  renew(
    { signal, leaseMs, log }: Pick<UpheldMeans, "signal" | "leaseMs" | "log">,
  ): Promise<Device | undefined> {
    return this.#inTurn(async () => {
      const device = await this.device();
      const others = this.prefixesOn(device).filter((prefix) => prefix !== this.#placed.prefix);
      for (const prefix of others) {
        await this.#remove(prefix);
        log("warn", `${this.name}: it was there as /${prefix}, which is removed`);
      }
      const isDone = await this.#named(() =>
        runInTime(this.#run, () => {
          signal.throwIfAborted();
          const leftMs = leaseMs();
          const seconds = secondsOf(leftMs);
          if (seconds <= 0) return undefined;
          // The kernel counts the seconds from the command on.
          const withinMs = leftMs - seconds * 1000;
          return { words: ["ip", ...this.#addition(device, seconds)], withinMs };
        })
      );
      if (!isDone) return undefined;
      added.set(this.#place, this.name);
      return device;
    });
  }

  /**
   * Removes the address, with whatever prefix the device has it, but for one that another action has
   * added since; returns false where it was not there.
   *
   * @param signal aborted where it is wanted again
   * @throws HookError where that cannot be done
   */
  remove(signal: AbortSignal): Promise<boolean> {
    return this.#inTurn(async () => {
      if (signal.aborted) return false;
      // The usual case comes first: at the loss of the title no look delays it.
      const wasThere = await this.#remove(this.#placed.prefix).then(() => true, () => false);
      if ((added.get(this.#place) ?? this.name) !== this.name) return wasThere;
      added.delete(this.#place);
      const left = await this.#prefixesLeft();
      for (const prefix of left) await this.#remove(prefix);
      return wasThere || left.length > 0;
    });
  }

  get #cidr(): string {
    return `${this.#placed.ip}/${this.#placed.prefix}`;
  }

  get #place(): string {
    return `${this.#placed.ip} ${this.#placed.dev}`;
  }

  get #isIpv6(): boolean {
    return this.#placed.ip.includes(":");
  }

  #addition(device: Device, seconds: number): string[] {
    const { ip, prefix, dev } = this.#placed;
    const lasts = ["valid_lft", `${seconds}`];
    const add = ["address", "replace", this.#cidr, "dev", dev];
    if (!this.#isIpv6) return [...add, ...lasts, "preferred_lft", `${seconds}`];
    // The route of a net that the device has already would end with the address. Connections of the
    // machine's own do not begin from an address that is not preferred.
    const route = hasNet(device, ip, prefix) ? ["noprefixroute"] : [];
    return [...add, "nodad", ...route, ...lasts, "preferred_lft", "0"];
  }

  async #remove(prefix: number): Promise<void> {
    const { ip, dev } = this.#placed;
    await this.#ip(["address", "del", `${ip}/${prefix}`, "dev", dev]);
  }

  /** The prefixes with which the device has the address; none, where there is no such device. */
  async #prefixesLeft(): Promise<number[]> {
    try {
      return this.prefixesOn(await this.device());
    } catch (error) {
      if (error instanceof NoDevice) return [];
      throw error;
    }
  }

  #ip(words: readonly string[]): Promise<string> {
    return this.#named(() => this.#run("ip", words));
  }

  /** Runs `ip`; of its usual failures the message says what is to be mended. */
  async #named<T>(run: () => Promise<T>): Promise<T> {
    const { dev } = this.#placed;
    try {
      return await run();
    } catch (error) {
      const said = errorMessage(error);
      if (isMissing(said)) throw new NoDevice(dev);
      if (/Operation not permitted/.test(said)) {
        throw new HookError(`this node has no CAP_NET_ADMIN: ${remedy}`);
      }
      if (this.#isIpv6 && /Permission denied/.test(said)) {
        const setting = `net.ipv6.conf.${dev.replaceAll(".", "/")}.disable_ipv6`;
        throw new HookError(`IPv6 is off on ${dev}: right would be sysctl -w ${setting}=0`);
      }
      throw error;
    }
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const place = this.#place;
    const before = turns.get(place) ?? Promise.resolve();
    const turn = before.then(act, act);
    const settled = turn.then(() => {}, () => {});
    turns.set(place, settled);
    settled.then(() => turns.get(place) === settled && turns.delete(place));
    return turn;
  }
}

/** The device is not there. */
class NoDevice extends HookError {
  constructor(dev: string) {
    super(noDevice(dev));
  }
}

/** The sentence that says that a device is not there. */
export function noDevice(dev: string): string {
  return `there is no network device ${dev} on this machine`;
}

/** Whether `ip` says so. */
export function isMissing(said: string): boolean {
  return /does not exist|Cannot find device/.test(said);
}

/** For how long the kernel may keep an address by itself, in whole seconds. */
export function secondsOf(leaseMs: number): number {
  return Math.max(0, Math.min(mostSeconds, Math.floor((leaseMs - marginMs) / 1000)));
}
