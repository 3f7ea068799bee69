import { equalData } from "../base/equal_data.ts";
import type { AddressSight } from "../move/context.ts";
import type { AddressStats, EventStats, HookStats } from "../status/report.ts";
import { addressOf } from "../hooks/registry.ts";
import type { ConfiguredHook, HookEnd } from "./hook_runner.ts";

const maxEvents = 100;

/** The past of a legion, for its status. The record cannot grow without bound. */
export class LegionRecord {
  readonly #wallMs: () => number;
  readonly #events: EventStats[] = [];
  readonly #hooks = new Map<ConfiguredHook, HookStats>();
  readonly #addresses = new Map<string, AddressStats>();

  /**
   * Begins an empty record.
   *
   * @param wallMs the wall clock, in milliseconds since 1970
   */
  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
  }

  /** The last 100 events, the newest last. */
  get events(): readonly EventStats[] {
    return this.#events;
  }

  /** The hooks that have run, each with its last end. */
  get hooks(): readonly HookStats[] {
    return [...this.#hooks.values()];
  }

  /** The failover addresses that have been asked for, each with its last sight. */
  get addresses(): readonly AddressStats[] {
    return [...this.#addresses.values()];
  }

  /** Adds an event, at the present time; the oldest of more than 100 is forgotten. */
  event(level: EventStats["level"], message: string): void {
    this.#events.push({ time: this.#now(), level, message });
    if (this.#events.length > maxEvents) this.#events.shift();
  }

  /** Notes the end of a hook, in the place of its last one. */
  hookEnded(hook: ConfiguredHook, { result, seconds }: HookEnd): void {
    const { event, action, line } = hook;
    this.#hooks.set(hook, { event, action: action.kind, line, result, seconds, time: this.#now() });
  }

  /** Forgets the hooks and addresses that the configuration no longer has. */
  keepOnly(hooks: readonly ConfiguredHook[]): void {
    const known = [...this.#hooks];
    this.#hooks.clear();
    for (const hook of hooks) {
      const [, stats] = known.find(([old]) => isSame(old, hook)) ?? [];
      if (stats !== undefined) this.#hooks.set(hook, { ...stats, line: hook.line });
    }
    const ips = new Set(hooks.map(({ action }) => addressOf(action)?.ip));
    for (const ip of this.#addresses.keys()) {
      if (!ips.has(ip)) this.#addresses.delete(ip);
    }
  }

  /** Notes the sight of an address. A sight that failed keeps where the address last pointed. */
  addressSeen({ provider, ip, wanted, pointsTo, problem = "" }: AddressSight): void {
    const before = this.#addresses.get(ip);
    const isKnown = pointsTo !== undefined;
    const to = isKnown ? pointsTo : before?.points_to ?? null;
    const seen = isKnown ? this.#now() : before?.seen ?? 0;
    const where = { points_to: to, active_server_ip: to };
    const by = { seen_by: "", taken_over_by: "" };
    this.#addresses.set(ip, { ip, wanted, provider, ...where, seen, ...by, problem });
  }

  #now(): number {
    return Math.floor(this.#wallMs() / 1000);
  }
}

/** Whether two hooks are the same, wherever in the file they stand. */
function isSame(a: ConfiguredHook, b: ConfiguredHook): boolean {
  return a.event === b.event && equalData(a.action, b.action);
}
