import { sameAddress } from "../base/ip_address.ts";
import { runInTime } from "./_in_time.ts";
import { advertiser, type RunTool, runTool } from "./_tool.ts";

/** The settings of an address that neighbours are to know of. */
interface Known {
  /** The address. */
  readonly ip: string;
  /** The device that has it. */
  readonly dev: string;
}

/** The means to ask and to tell the neighbours; tests put in their own. */
export interface NeighbourMeans {
  /** Runs a program. */
  readonly run?: RunTool;
  /** The program that sends neighbour advertisements. */
  readonly by?: () => "ndptool" | "na6";
  /** The hardware addresses of this machine. */
  readonly ownMacs?: () => readonly string[];
  /** Waits. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** The name of another machine of which only that is known. */
const another = "another-machine";
/** The waits before the two solicitations, until the program that listens for answers does. */
const solicitMs = [250, 300] as const;

/** The machines beside this one on a layer-2 network, as one address is concerned. */
export class Neighbours {
  readonly #known: Known;
  readonly #run: RunTool;
  readonly #by: () => "ndptool" | "na6";
  readonly #ownMacs: () => readonly string[];
  readonly #wait: (ms: number) => Promise<void>;

  /** Tells nobody yet. */
  constructor(
    known: Known,
    { run = runTool, by = advertiser, ownMacs = macsHere, wait = waited }: NeighbourMeans = {},
  ) {
    this.#known = known;
    this.#run = run;
    this.#by = by;
    this.#ownMacs = ownMacs;
    this.#wait = wait;
  }

  /**
   * Tells them where the address is, once.
   *
   * @param leaseMs how long this machine may have it, in milliseconds; 0: nothing is to be told
   * @param mac asks for the device's hardware address
   * @throws HookError where that cannot be done
   */
  async tell(leaseMs: () => number, mac: () => Promise<string>): Promise<void> {
    const { ip, dev } = this.#known;
    const send = (...words: string[]) =>
      runInTime(this.#run, () => ({ words, withinMs: leaseMs() }));
    if (!this.#isIpv6) {
      const once = ["-q", "-c", "1", "-w", "1", "-I", dev, ip];
      await Promise.all(["-U", "-A"].map((how) => send("arping", how, ...once)));
    } else if (this.#by() === "ndptool") {
      await send("ndptool", "-t", "na", "-U", "-i", dev, "-T", ip, "send");
    } else {
      await send("na6", "-i", dev, "-s", ip, "-d", "ff02::1", "-t", ip, "-o", "-E", await mac());
    }
  }

  /**
   * Asks who else answers for the address, and waits a second for that: a hardware address, or
   * `another-machine`; undefined: nobody does, as far as can be told.
   *
   * @throws HookError where that cannot be asked
   */
  async other(): Promise<string | undefined> {
    return this.#isIpv6 ? await this.#otherBySolicitation() : await this.#otherByArp();
  }

  async #otherByArp(): Promise<string | undefined> {
    const { ip, dev } = this.#known;
    const said = await this.#run("arping", ["-D", "-c", "1", "-w", "1", "-I", dev, ip], [0, 1]);
    const macs = [...said.matchAll(/\[((?:[0-9A-F]{2}:){5}[0-9A-F]{2})\]/gi)]
      .map(([, mac]) => mac.toLowerCase());
    // Of two devices of this machine on one network, either answers.
    return macs.find((mac) => !this.#ownMacs().includes(mac));
  }

  async #otherBySolicitation(): Promise<string | undefined> {
    const { ip, dev } = this.#known;
    if (this.#by() !== "ndptool") return undefined;
    // The program that listens does so without end.
    const listen = ["1", "ndptool", "-t", "na", "-i", dev, "monitor"];
    const solicit = async () => {
      for (const ms of solicitMs) {
        await this.#wait(ms);
        await this.#run("ndptool", ["-t", "ns", "-i", dev, "-T", ip, "send"]);
      }
    };
    const [said] = await Promise.all([this.#run("timeout", listen, [0, 124]), solicit()]);
    const senders = [...said.matchAll(/ from addr: ([0-9a-f:]+),/gi)].map(([, from]) => from);
    return senders.some((from) => sameAddress(from, ip)) ? another : undefined;
  }

  get #isIpv6(): boolean {
    return this.#known.ip.includes(":");
  }
}

/** The devices of this machine that have an address, but for one of them. */
export function otherDevices({ ip, dev }: Known): string[] {
  // An address of IPv4 may have a name of its own behind that of its device: eth0:1.
  const names = interfacesHere().filter(({ address }) => sameAddress(address, ip))
    .map(({ name }) => name.split(":")[0]);
  return [...new Set(names)].filter((name) => name !== dev);
}

function macsHere(): string[] {
  return interfacesHere().map(({ mac }) => mac.toLowerCase());
}

function interfacesHere(): Deno.NetworkInterfaceInfo[] {
  try {
    return Deno.networkInterfaces();
  } catch {
    return [];
  }
}

function waited(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
