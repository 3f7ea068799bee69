import type { Sight } from "../legion/aside.ts";
import type { AddressSight, TakeoverStep } from "../move/context.ts";
import type { AddressStats, TakeoverStats } from "../status/address_stats.ts";
import type { EventStats, HookStats, ReignStats, RunningHookStats } from "../status/report.ts";
import type { UpheldSight } from "../hooks/action.ts";
import { addressOf, upheldOf } from "../hooks/registry.ts";
import { sameAddress } from "../base/ip_address.ts";
import type { Action } from "../base/action_kind.ts";
import type { ConfiguredHook, HookEnd } from "./hook_runner.ts";
import { isSameHook } from "./wanted_hooks.ts";
import { Reigns } from "./reigns.ts";
import { type SightedAddress, Sights } from "./sights.ts";
import { TakeoverCounts } from "./takeover_counts.ts";

const maxEvents = 100;

/** The things that a record is begun with. */
export interface LegionRecordOptions {
  /** This node's host name. */
  readonly name: string;
  /** The wall clock, in milliseconds since 1970. */
  readonly wallMs: () => number;
  /** The hooks of the configuration. */
  readonly hooks: readonly ConfiguredHook[];
  /** This node's own address, by which the status tells that an address is here. */
  readonly here?: string;
}

/** The past of a legion, for its status. The record cannot grow without bound. */
export class LegionRecord {
  readonly #wallMs: () => number;
  readonly #events: EventStats[] = [];
  readonly #hooks = new Map<ConfiguredHook, HookStats>();
  readonly #sights: Sights;
  readonly #reigns: Reigns;
  readonly #takeovers = new TakeoverCounts();
  readonly #running = new Map<ConfiguredHook, RunningHookStats>();
  #here = "";

  /** Begins a record in which nothing has happened yet. */
  constructor({ name, wallMs, hooks, here = "" }: LegionRecordOptions) {
    this.#wallMs = wallMs;
    this.#sights = new Sights(name, () => this.#now());
    this.#reigns = new Reigns(() => this.#now());
    this.keepOnly(hooks, here);
  }

  /** The last 100 events, the newest last. */
  get events(): readonly EventStats[] {
    return this.#events;
  }

  /** The hooks that have run, each with its last end. */
  get hooks(): readonly HookStats[] {
    return [...this.#hooks.values()];
  }

  /** The hooks that run now: one, or several that each move an address. */
  get running(): readonly RunningHookStats[] {
    return [...this.#running.values()];
  }

  /** The failover addresses of the hooks, each with its last sight. */
  get addresses(): readonly AddressStats[] {
    return this.#sights.all;
  }

  /** Whether this node has asked a provider for an address, be it without an answer. */
  get hasLooked(): boolean {
    return this.#sights.hasLooked;
  }

  /** The takeovers since the start, for each address that a lord hook moves. */
  get takeovers(): readonly TakeoverStats[] {
    return this.#takeovers.all;
  }

  /** The lords of the last 24 hours, the newest last. */
  get reigns(): readonly ReignStats[] {
    return this.#reigns.all;
  }

  /** How often the title was lost, or another node got it, after the first lord was seen. */
  get transitions(): number {
    return this.#reigns.transitions;
  }

  /** Adds an event, at the present time; the oldest of more than 100 is forgotten. */
  event(level: EventStats["level"], message: string): void {
    this.#events.push({ time: this.#now(), level, message });
    if (this.#events.length > maxEvents) this.#events.shift();
  }

  /** Notes that a hook begins. */
  hookBegins(hook: ConfiguredHook): void {
    const { event, action, line } = hook;
    const nothing = { attempts: 0, last_error: "" };
    this.#running.set(hook, { event, action: action.kind, line, since: this.#now(), ...nothing });
  }

  /** Notes a step of a takeover by the hook that runs for an address. */
  hookMoves(ip: string, step: TakeoverStep): void {
    this.moves(ip, step);
    for (const [hook, running] of this.#running) {
      if (addressOf(hook.action)?.ip !== ip) continue;
      const { attempts } = running;
      if (step.step === "asked") this.#running.set(hook, { ...running, attempts: attempts + 1 });
      if (step.step === "troubled") this.#running.set(hook, { ...running, last_error: step.why });
    }
  }

  /** Notes the end of a hook that the configuration no longer has. */
  hookGone(hook: ConfiguredHook): void {
    this.#running.delete(hook);
  }

  /** Notes that no hook runs any more. */
  noneRuns(): void {
    this.#running.clear();
  }

  /** Notes the end of a hook, in the place of its last one. */
  hookEnded(hook: ConfiguredHook, { result, seconds }: HookEnd): void {
    const { event, action, line } = hook;
    this.#running.delete(hook);
    this.#hooks.set(hook, { event, action: action.kind, line, result, seconds, time: this.#now() });
  }

  /** Forgets the hooks and addresses that the configuration no longer has. */
  keepOnly(hooks: readonly ConfiguredHook[], here = this.#here): void {
    this.#here = here;
    const known = [...this.#hooks];
    this.#hooks.clear();
    for (const hook of hooks) {
      const [, stats] = known.find(([old]) => isSameHook(old, hook)) ?? [];
      if (stats !== undefined) this.#hooks.set(hook, { ...stats, line: hook.line });
    }
    // The lord hook is the one that brings an address here; others may send it away.
    const lord = hooks.filter(({ event }) => event === "lord");
    this.#sights.keepOnly([...lord, ...hooks].flatMap(({ action }) => {
      return addressOf(action) ?? upheldAddress(action, here) ?? [];
    }));
    this.#takeovers.keepOnly(lord.flatMap(({ action }) => addressOf(action)?.ip ?? []));
  }

  /** Notes who says now that it is lord, this node first. */
  lords(names: readonly string[]): void {
    const lord = this.#reigns.note(names);
    if (lord !== undefined) this.#sights.lord(lord);
  }

  /** Notes a step of a takeover, by a hook or by the watch. */
  moves(ip: string, step: TakeoverStep): void {
    this.#takeovers.note(ip, step);
  }

  /** Notes where a lord says that it saw an address. */
  sightHeard(sight: Sight, lord: string): void {
    this.#sights.heard(sight, lord);
  }

  /**
   * Notes this node's own sight of an address. One that failed keeps where the address last pointed;
   * one of the wanted place mends the failure of the hook that was to bring the address there.
   */
  addressSeen(sight: AddressSight): void {
    this.#sights.seen(sight);
    this.#mend(sight);
  }

  /** Notes what was seen of an address that this node has itself, or is to have. */
  upheldSeen(ip: string, { isHere, other, problems = [] }: Partial<UpheldSight>): void {
    const wanted = this.#here;
    const at = other ?? (isHere ? wanted : null);
    const pointsTo = isHere === undefined ? undefined : at;
    const sight = { provider: upheld, ip, wanted, pointsTo, problem: problems.join("; ") };
    this.#sights.held(sight);
    this.#mend(sight);
  }

  #mend({ ip, wanted, pointsTo }: AddressSight): void {
    if (pointsTo !== wanted) return;
    for (const [hook, stats] of this.#hooks) {
      const of = addressOf(hook.action) ?? upheldOf(hook.action);
      const isDone = hook.event === "lord" && of?.ip === ip;
      if (isDone && stats.result !== "ok") this.#hooks.set(hook, { ...stats, mended: true });
    }
  }

  #now(): number {
    return Math.floor(this.#wallMs() / 1000);
  }
}

/** The name of no provider: the lord has the address on a device of its own. */
const upheld = "device";

/** An address that the node has itself, as the sights know one; undefined: the action has none. */
function upheldAddress(action: Action, wanted: string): SightedAddress | undefined {
  const ip = upheldOf(action)?.ip;
  return ip === undefined
    ? undefined
    : { ip, name: upheld, wanted, same: sameAddress, serverName: (server) => server };
}
