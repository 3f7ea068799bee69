import { errorMessage } from "../base/error_message.ts";
import { HookError, type Upheld, type UpheldMeans, type UpheldSight } from "./action.ts";
import { type NeighbourMeans, Neighbours, otherDevices } from "./_neighbours.ts";
import { type Device, troubleOf } from "./_on_device.ts";
import { OwnAddress, type Placed, secondsOf } from "./_own_address.ts";
import { missingRights } from "./_rights.ts";
import { type RunTool, runTool } from "./_tool.ts";

/** The settings of an `address:`. */
export interface AddressSettings extends Placed {
  /** The time between two announcements to the neighbours, in milliseconds. */
  readonly repeatMs: number;
}

/** The means to have an address; tests put in programs and a clock of their own. */
interface Means extends NeighbourMeans {
  /** Waits; shorter where the signal is aborted. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The monotonic clock, in milliseconds. */
  readonly now?: () => number;
  /** The other devices of this machine that have the address. */
  readonly others?: () => readonly string[];
}

/** The answers of the neighbours. */
interface Heard {
  /** Who else answers for the address; undefined: nobody, as far as is known. */
  readonly other?: string;
  /** The reason why they are not told of the address; undefined: they are. */
  readonly mute?: string;
}

/** The time between two looks at the lease, in milliseconds. */
const lookMs = 200;
/** The time until the neighbours are told a second time, and until what failed is tried again. */
const secondMs = 1_000;

/**
 * An address that this machine has while its node may be lord. The kernel itself removes it when the
 * lease of the moment ends (`valid_lft`), so that it stays nowhere without a node that renews it:
 * neither after `kill -9` nor while the process is stopped.
 */
export class HeldAddress implements Upheld {
  readonly #settings: AddressSettings;
  readonly #run: RunTool;
  readonly #pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly #now: () => number;
  readonly #others: () => readonly string[];
  readonly #own: OwnAddress;
  readonly #neighbours: Neighbours;
  /** The rights that this process lacks, asked for once. */
  #rights?: Promise<string | undefined>;

  /** Does nothing yet. */
  constructor(settings: AddressSettings, means: Means = {}) {
    const { run = runTool, pause = waitUnlessAborted, now = () => performance.now() } = means;
    this.#settings = settings;
    this.#run = run;
    this.#pause = pause;
    this.#now = now;
    this.#others = means.others ?? (() => otherDevices(settings));
    this.#own = new OwnAddress(settings, run);
    this.#neighbours = new Neighbours(settings, means);
  }

  /** The address, its prefix and its device: `10.0.0.100/24 on eth0`. */
  get name(): string {
    return this.#own.name;
  }

  /** The address. */
  get ip(): string {
    return this.#settings.ip;
  }

  /**
   * Adds the address.
   *
   * @throws HookError where that cannot be done
   * @throws the signal's reason when it was aborted before
   */
  async have(means: Pick<UpheldMeans, "signal" | "leaseMs" | "log">): Promise<void> {
    for (;;) {
      const before = await this.#own.renew(means);
      if (before !== undefined) {
        return means.log("info", `${this.name}: ${this.#own.isOn(before) ? "kept" : "added"}`);
      }
      // A lease of less than a second is renewed within another, or lost.
      await this.#pause(lookMs, means.signal);
      means.signal.throwIfAborted();
    }
  }

  /**
   * Renews the address, tells the neighbours of it and asks who else answers for it, until the signal
   * is aborted; never rejects.
   */
  async keep(means: UpheldMeans): Promise<void> {
    const { signal, leaseMs, log, seen } = means;
    let endsMs = -Infinity;
    let triedMs = -Infinity;
    let toldMs = -Infinity;
    let told = 0;
    let state: UpheldSight = { isHere: true, problems: [] };
    let heard: Heard = {};
    const telling = new Set<Promise<void>>();
    while (!signal.aborted) {
      const now = this.#now();
      const lasts = secondsOf(leaseMs());
      const isDue = now + lasts * 1000 - endsMs >= Math.max(800, lasts * 100);
      if (lasts > 0 && isDue && now - triedMs >= (state.isHere ? 0 : secondMs)) {
        triedMs = now;
        const found = await this.#renewed(means);
        if (signal.aborted) break;
        if (found !== undefined) {
          state = found;
          if (found.wasThere === false) {
            [told, toldMs] = [0, -Infinity];
            if (now < endsMs) {
              log("warn", `${this.name}: it was removed by something else, and is put back`);
            }
          }
          endsMs = state.isHere ? now + lasts * 1000 : -Infinity;
          seen(sightOf(state, heard));
        }
      }
      const pauseMs = told < 2 ? secondMs : this.#settings.repeatMs;
      const isWanted = state.isHere && leaseMs() > 0 && !signal.aborted;
      if (isWanted && this.#now() - toldMs >= pauseMs) {
        toldMs = this.#now();
        const run = this.#tell(++told > 1, heard, means).then((said) => {
          heard = said;
          if (!signal.aborted) seen(sightOf(state, heard));
        }).finally(() => telling.delete(run));
        telling.add(run);
      }
      await this.#pause(lookMs, signal);
    }
    await Promise.all(telling);
  }

  /** As {@link OwnAddress.remove}. */
  undo(signal: AbortSignal): Promise<boolean> {
    return this.#own.remove(signal);
  }

  /**
   * Looks whether the address is here, and for what would keep it from being had; never rejects.
   *
   * @param asks whether to ask the neighbours, too, who has it, which takes a second
   */
  async look(asks: boolean): Promise<UpheldSight> {
    const rights = await (this.#rights ??= missingRights(this.#run));
    try {
      const device = await this.#own.device();
      const isHere = this.#own.prefixesOn(device).length > 0;
      const problems = listed(rights, ...this.#troublesOf(device));
      if (!asks || problems.length > 0) return { isHere, problems };
      return { isHere, other: await this.#neighbours.other(), problems };
    } catch (error) {
      return { isHere: false, problems: listed(rights, errorMessage(error)) };
    }
  }

  #troublesOf(device: Device): (string | undefined)[] {
    const { dev, ip } = this.#settings;
    return [troubleOf(device, dev), ...this.#others().map((other) => onOther(ip, other))];
  }

  /** Renews the address, and tells what there is; undefined: too little is left of the lease. */
  async #renewed(
    means: UpheldMeans,
  ): Promise<UpheldSight & { readonly wasThere?: boolean } | undefined> {
    try {
      const before = await this.#own.renew(means);
      if (before === undefined) return undefined;
      const wasThere = this.#own.isOn(before);
      return { isHere: true, wasThere, problems: listed(...this.#troublesOf(before)) };
    } catch (error) {
      return { isHere: false, problems: [errorMessage(error)] };
    }
  }

  /**
   * Tells the neighbours where the address is; never rejects.
   *
   * @param asks whether to ask also who else answers
   * @param before what they said before
   */
  async #tell(asks: boolean, before: Heard, { leaseMs, signal }: UpheldMeans): Promise<Heard> {
    try {
      await this.#neighbours.tell(() => signal.aborted ? 0 : leaseMs(), async () => {
        const { mac } = await this.#own.device();
        if (mac === undefined) throw new HookError(`${this.#settings.dev} has no hardware address`);
        return mac;
      });
      if (!asks || signal.aborted) return before;
      return { other: await this.#neighbours.other() };
    } catch (error) {
      return { ...before, mute: `the neighbours are not told of it: ${errorMessage(error)}` };
    }
  }
}

/** The sight of an address with what the neighbours have said of it. */
function sightOf({ isHere, problems }: UpheldSight, { other, mute }: Heard): UpheldSight {
  if (!isHere) return { isHere, problems };
  const doubled = other === undefined ? undefined : `another machine answers for it too: ${other}`;
  return { isHere, other, problems: listed(...problems, doubled, mute) };
}

/** The sentence that another device of this machine has the address. */
export function onOther(ip: string, other: string): string {
  return `${ip} is on ${other}, too, so this machine answers for it whoever is lord: right would ` +
    `be to remove it there`;
}

function listed(...all: (string | undefined)[]): string[] {
  return all.filter((each) => each !== undefined);
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
