import type { AddressSight } from "../hooks/action.ts";
import type { AddressStats, EventStats, HookStats } from "../status/report.ts";
import type { ConfiguredHook, HookEnd } from "./hook_runner.ts";

const maxEvents = 100;

/** What has happened to a legion, for its status: all of it is bounded. */
export class LegionRecord {
  readonly #wallMs: () => number;
  readonly #events: EventStats[] = [];
  readonly #hooks = new Map<ConfiguredHook, HookStats>();
  readonly #addresses = new Map<string, AddressStats>();

  /** @param wallMs The wall clock, in milliseconds since 1970 */
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

  event(level: EventStats["level"], message: string): void {
    this.#events.push({ time: this.#now(), level, message });
    if (this.#events.length > maxEvents) this.#events.shift();
  }

  hookEnded(hook: ConfiguredHook, { result, seconds }: HookEnd): void {
    const { event, action, line } = hook;
    this.#hooks.set(hook, { event, action: action.kind, line, result, seconds, time: this.#now() });
  }

  /** A sight that failed leaves the last good one as it was. */
  addressSeen({ ip, wanted, activeServerIp, problem = "" }: AddressSight): void {
    const before = this.#addresses.get(ip);
    const seen = activeServerIp === undefined
      ? { active_server_ip: before?.active_server_ip ?? null, seen: before?.seen ?? 0 }
      : { active_server_ip: activeServerIp, seen: this.#now() };
    this.#addresses.set(ip, { ip, wanted, ...seen, problem });
  }

  #now(): number {
    return Math.floor(this.#wallMs() / 1000);
  }
}
