import type { Notes, Past } from "../../lib/legion/notes.ts";

/** Notes, and when they were kept. */
interface Kept {
  readonly notes: Notes;
  /** The clock of the process that kept them, in milliseconds. */
  readonly monotonicMs: number;
  /** The time since the machine started, in whole seconds. */
  readonly uptimeS: number;
}

/**
 * The memory of one machine's node: notes that last until the machine stops, and a state that lasts
 * beyond (LEASE.md, rule 12). Its times are those of a real machine, where the time since boot is
 * known in whole seconds alone.
 */
export class Memory {
  readonly #nowMs: () => number;
  /** When the machine started: long before the day. */
  #bootedMs = -1_000_000;
  #boots = 1;
  #kept?: Kept;
  /** The state: the boot that the node last ran in; undefined: there is none. */
  #ranIn?: number;
  #bindsMs = 0;
  #isCrashed = false;
  /** Whether notes and state can be written. */
  writable = true;

  /**
   * Remembers nothing.
   *
   * @param nowMs the simulation's time, in milliseconds
   */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The things known to a process that starts; `monotonicMs` is the time of its clock. */
  past(monotonicMs: number): Past {
    const isOtherBoot = this.#ranIn !== undefined && this.#ranIn !== this.#boots;
    const isQuiet = isOtherBoot && this.writable;
    if (this.writable) this.#ranIn = this.#boots;
    if (this.#kept !== undefined) {
      return { kind: "noted", notes: notesNow(this.#kept, this.#uptimeS, monotonicMs) };
    }
    const quietMs = isQuiet ? 1000 * this.#uptimeS : 0;
    return { kind: "forgotten", bindsMs: this.#bindsMs, quietMs, crashed: this.#isCrashed };
  }

  /** Whether notes are kept. */
  get isNoted(): boolean {
    return this.#kept !== undefined;
  }

  /** Keeps notes in place of those before; `monotonicMs` is the time of the process's clock. */
  note(notes: Notes | null, monotonicMs: number): void {
    // Notes that cannot be replaced are removed.
    const keeps = notes !== null && this.writable;
    this.#kept = keeps ? { notes, monotonicMs, uptimeS: this.#uptimeS } : undefined;
    if (!keeps) return;
    this.#isCrashed = notes.end === undefined;
    this.#bindsMs = Math.max(this.#bindsMs, notes.support?.binds ?? 0);
  }

  /** Loses the notes, and not the state. */
  lose(): void {
    this.#kept = undefined;
  }

  /** Starts the machine anew, so long ago. */
  rebooted(agoMs: number): void {
    this.#boots++;
    this.#bootedMs = this.#nowMs() - agoMs;
    this.#kept = undefined;
  }

  get #uptimeS(): number {
    return Math.floor((this.#nowMs() - this.#bootedMs) / 1000);
  }
}

/**
 * Notes with their times by another process's clock: late by up to two seconds rather than early, so
 * that no promise gets shorter.
 */
function notesNow({ notes, ...at }: Kept, uptimeS: number, monotonicMs: number): Notes {
  const passedMs = 1000 * Math.max(0, uptimeS - at.uptimeS - 1);
  const offsetMs = monotonicMs - at.monotonicMs - passedMs;
  const { support, configs, lostMs, hookFailedUntilMs, spares } = notes;
  return {
    ...notes,
    support: support && { ...support, untilMs: support.untilMs + offsetMs },
    configs: configs.map((heard) => ({ ...heard, sinceMs: heard.sinceMs + offsetMs })),
    lostMs: lostMs.map((ms) => ms + offsetMs),
    hookFailedUntilMs: hookFailedUntilMs === undefined ? undefined : hookFailedUntilMs + offsetMs,
    spares: spares && { ...spares, untilMs: spares.untilMs + offsetMs },
  };
}
