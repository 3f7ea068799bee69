import { errorMessage } from "../base/error_message.ts";
import { HookError, type Upheld, type UpheldMeans } from "./action.ts";
import { type Device, deviceOf, hasNet } from "./_on_device.ts";
import { advertiser, type RunTool, runTool } from "./_tool.ts";

/** The settings of an `address:`. */
export interface AddressSettings {
  /** The address, in its normal form. */
  readonly ip: string;
  /** The length of its net's prefix, in bits. */
  readonly prefix: number;
  /** The device that is to have it. */
  readonly dev: string;
  /** The time between two announcements to the neighbours, in milliseconds. */
  readonly repeatMs: number;
}

/** How much earlier than the lease the kernel removes an address, in milliseconds. */
const marginMs = 250;
/** The longest time that the kernel keeps an address by itself, in seconds. */
const mostSeconds = 60;
/** The time between two looks at the lease, in milliseconds. */
const lookMs = 200;
/** The time until the neighbours are told a second time, since the first may get lost. */
const secondMs = 1_000;

/** The commands about one address, of whatever action, run one after the other. */
const turns = new Map<string, Promise<unknown>>();

/**
 * An address that this machine has while its node may be lord. The kernel itself removes it when the
 * lease of the moment ends (`valid_lft`), so that it stays nowhere without a node that renews it:
 * neither after `kill -9` nor while the process is stopped.
 */
export class HeldAddress implements Upheld {
  readonly #settings: AddressSettings;
  readonly #run: RunTool;
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly #now: () => number;
  readonly #advertiser: () => "ndptool" | "na6";

  /** Does nothing yet; tests put in programs and a clock of their own. */
  constructor(
    settings: AddressSettings,
    { run = runTool, wait = waitUnlessAborted, now = () => performance.now(), by = advertiser } =
      {},
  ) {
    this.#settings = settings;
    this.#run = run;
    this.#wait = wait;
    this.#now = now;
    this.#advertiser = by;
  }

  /** The address, its prefix and its device: `10.0.0.100/24 on eth0`. */
  get name(): string {
    return `${this.#cidr} on ${this.#settings.dev}`;
  }

  /**
   * Adds the address.
   *
   * @throws HookError where that cannot be done
   * @throws the signal's reason when it was aborted before
   */
  async have(means: UpheldMeans): Promise<void> {
    while (!await this.#renew(means)) {
      // A lease of less than a second is renewed within another, or lost.
      await this.#wait(lookMs, means.signal);
      means.signal.throwIfAborted();
    }
  }

  /** Renews the address and tells the neighbours of it, until the signal is aborted; never rejects. */
  async keep(means: UpheldMeans): Promise<void> {
    const { signal, leaseMs, log } = means;
    let endsMs = -Infinity;
    let toldMs = -Infinity;
    let told = 0;
    let trouble = "";
    const telling = new Set<Promise<void>>();
    while (!signal.aborted) {
      const lasts = secondsOf(leaseMs());
      const gainMs = this.#now() + lasts * 1000 - endsMs;
      if (lasts > 0 && gainMs >= Math.max(800, lasts * 100)) {
        try {
          const beganMs = this.#now();
          if (await this.#renew(means)) endsMs = beganMs + lasts * 1000;
          if (trouble !== "") {
            log("info", `${this.name}: it is there again`);
            toldMs = -Infinity;
          }
          trouble = "";
        } catch (error) {
          const why = errorMessage(error);
          if (signal.aborted) break;
          if (why !== trouble) log("error", `${this.name} cannot be had: ${why}`);
          trouble = why;
        }
      }
      const pauseMs = told < 2 ? secondMs : this.#settings.repeatMs;
      if (trouble === "" && leaseMs() > 0 && this.#now() - toldMs >= pauseMs) {
        toldMs = this.#now();
        const run = this.#tell(++told === 2, means).finally(() => telling.delete(run));
        telling.add(run);
      }
      await this.#wait(lookMs, signal);
    }
    await Promise.all(telling);
  }

  /**
   * Removes the address; returns false where it was not there.
   *
   * @param signal aborted where it is wanted again
   * @throws HookError where that cannot be done
   */
  undo(signal: AbortSignal): Promise<boolean> {
    return this.#inTurn(async () => {
      if (signal.aborted) return false;
      try {
        await this.#run("ip", ["address", "del", this.#cidr, "dev", this.#settings.dev]);
        return true;
      } catch (error) {
        if (await this.#isThere()) throw error;
        return false;
      }
    });
  }

  /** The reasons for which the address could not be had here, one sentence each. */
  async obstacles(): Promise<string[]> {
    const { dev } = this.#settings;
    const found: string[] = [];
    try {
      const device = await this.#device();
      if (!device.isUp) found.push(`${this.name}: the device is down`);
    } catch (error) {
      found.push(`${this.name}: the device ${dev} cannot be seen: ${errorMessage(error)}`);
    }
    const missing = await this.#missingRights();
    if (missing !== "") {
      found.push(
        `${this.name}: this node has no ${missing}: right would be the drop-in of ` +
          "failover systemd --address",
      );
    }
    return found;
  }

  get #cidr(): string {
    return `${this.#settings.ip}/${this.#settings.prefix}`;
  }

  get #isIpv6(): boolean {
    return this.#settings.ip.includes(":");
  }

  /** Adds the address, or lets it last longer; false: too little is left of the lease. */
  #renew({ signal, leaseMs }: UpheldMeans): Promise<boolean> {
    return this.#inTurn(async () => {
      const device = await this.#device();
      signal.throwIfAborted();
      // Asked for last: nothing may come between the answer and the command.
      const seconds = secondsOf(leaseMs());
      if (seconds <= 0) return false;
      await this.#run("ip", this.#addition(device, seconds));
      return true;
    });
  }

  #addition(device: Device, seconds: number): string[] {
    const { ip, prefix, dev } = this.#settings;
    const lasts = ["valid_lft", `${seconds}`];
    const add = ["address", "replace", this.#cidr, "dev", dev];
    if (!this.#isIpv6) return [...add, ...lasts, "preferred_lft", `${seconds}`];
    // The route of a net that the device has already would end with the address. Connections of the
    // machine's own do not begin from an address that is not preferred.
    const route = hasNet(device, ip, prefix) ? ["noprefixroute"] : [];
    return [...add, "nodad", ...route, ...lasts, "preferred_lft", "0"];
  }

  async #device(): Promise<Device> {
    const { dev } = this.#settings;
    const device = deviceOf(await this.#run("ip", ["-json", "address", "show", "dev", dev]));
    if (device === undefined) throw new HookError(`ip does not tell of the device ${dev}`);
    return device;
  }

  async #isThere(): Promise<boolean> {
    const { ip } = this.#settings;
    try {
      const { addresses } = await this.#device();
      return addresses.some((other) => other.ip === ip);
    } catch (error) {
      // A device that is gone has no addresses.
      return !/does not exist|Cannot find device/.test(errorMessage(error));
    }
  }

  /** Tells the neighbours where the address is, once; a failure is logged. */
  async #tell(looks: boolean, { log, leaseMs, signal }: UpheldMeans): Promise<void> {
    const { ip, dev } = this.#settings;
    try {
      if (this.#isIpv6) {
        await this.#advertise({ leaseMs, signal });
        return;
      }
      const once = ["-q", "-c", "1", "-w", "1", "-I", dev, ip];
      await Promise.all(["-U", "-A"].map((how) => this.#run("arping", [how, ...once])));
      if (looks) await this.#lookForOthers(log);
    } catch (error) {
      if (signal.aborted) return;
      log("error", `${this.name}: the neighbours are not told: ${errorMessage(error)}`);
    }
  }

  /** Sends one unsolicited neighbour advertisement. */
  async #advertise({ leaseMs, signal }: Pick<UpheldMeans, "leaseMs" | "signal">): Promise<void> {
    const { ip, dev } = this.#settings;
    const program = this.#advertiser();
    if (program === "ndptool") {
      await this.#run(program, ["-t", "na", "-U", "-i", dev, "-T", ip, "send"]);
      return;
    }
    const { mac } = await this.#device();
    if (mac === undefined) throw new HookError(`${dev} has no hardware address`);
    if (leaseMs() <= 0 || signal.aborted) return;
    const words = ["-i", dev, "-s", ip, "-d", "ff02::1", "-t", ip, "-o", "-E", mac];
    await this.#run(program, words);
  }

  /** Looks whether another machine answers for an IPv4 address that this one has. */
  async #lookForOthers(log: UpheldMeans["log"]): Promise<void> {
    const { ip, dev } = this.#settings;
    try {
      await this.#run("arping", ["-D", "-q", "-c", "1", "-w", "1", "-I", dev, ip]);
    } catch {
      log("error", `${this.name}: another machine answers for it too`);
    }
  }

  async #missingRights(): Promise<string> {
    try {
      const said = await this.#run("cat", ["/proc/self/status"]);
      const [, hex] = /^CapEff:\s*([0-9a-f]{1,16})$/m.exec(said) ?? [];
      if (hex === undefined) return "";
      const has = (bit: bigint) => (BigInt(`0x${hex}`) >> bit & 1n) === 1n;
      const missing = [
        ...has(12n) ? [] : ["CAP_NET_ADMIN"],
        ...has(13n) ? [] : ["CAP_NET_RAW"],
      ];
      return missing.join(" and ");
    } catch {
      return "";
    }
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const before = turns.get(this.name) ?? Promise.resolve();
    const turn = before.then(act, act);
    const settled = turn.then(() => {}, () => {});
    turns.set(this.name, settled);
    settled.then(() => turns.get(this.name) === settled && turns.delete(this.name));
    return turn;
  }
}

/** For how long the kernel may keep an address by itself, in whole seconds. */
function secondsOf(leaseMs: number): number {
  return Math.max(0, Math.min(mostSeconds, Math.floor((leaseMs - marginMs) / 1000)));
}

/** Waits; shorter where the signal is aborted. */
async function waitUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const abort = () => resolve();
  signal.addEventListener("abort", abort, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", abort);
}
