import { dirname } from "@std/path/dirname";
import type { Clock } from "../base/clock.ts";
import { formatAddress } from "../config/address.ts";
import type { Config } from "../config/config.ts";
import { runtimeFolder, type Surroundings } from "../config/runtime_folder.ts";

/** The place where a node counts its failed starts, and the means to wait. */
export interface FailedStartsOptions {
  /** The file that keeps the last pause for the next process; undefined: nothing can be kept. */
  readonly file: string | undefined;
  /** Whether something starts the node again when it ends: a person at a terminal need not wait. */
  readonly isSupervised: boolean;
  /** The clock that tells how long a node has run, and times the pauses. */
  readonly clock: Clock;
  /** The signals that end a pause. */
  readonly signals: readonly Deno.Signal[];
  /** Told in words of each pause, for the log. */
  readonly tell: (message: string) => void;
}

/** The file that keeps the last pause of a node; undefined: nothing can be kept. */
export function failedStartsOf(
  { legions: [{ name, address }] }: Config,
  at: Surroundings,
): string | undefined {
  const folder = runtimeFolder(at);
  if (folder === undefined) return undefined;
  return `${folder}/${encodeURIComponent(`${name} ${formatAddress(address)}`)}.failed`;
}

const firstMs = 250;
const longestMs = 5_000;
/** The pause where nothing can be kept, in milliseconds. */
const fixedMs = 1_000;
/** How long a node has to run so that its end is no failed start, in milliseconds. */
const wellMs = 60_000;
/** The most bytes of a file with a pause. */
const maxBytes = 8;

/**
 * The pauses of a node before it ends because its start failed. Its supervisor starts it again at
 * once, so that a restart or a crash costs no title; without pauses a start that always fails would
 * keep a processor busy. Each pause is twice as long as the one before, up to 5 s.
 */
export class FailedStarts {
  readonly #options: FailedStartsOptions;
  #startedMs?: number;
  #cancel = () => {};

  /** Has met no failure. */
  constructor(options: FailedStartsOptions) {
    this.#options = options;
  }

  /** Takes in that the node runs: after a minute its end is no failed start any more. */
  started(): void {
    const { clock } = this.#options;
    this.#startedMs = clock.now().monotonicMs;
    this.#cancel = clock.at(this.#startedMs + wellMs, () => this.forget());
  }

  /** Lets the next pause be the shortest again. */
  forget(): void {
    this.#cancel();
    const { file } = this.#options;
    if (file === undefined) return;
    try {
      Deno.removeSync(file);
    } catch {
      // There is none, or nothing can be kept here.
    }
  }

  /** Waits before the process ends, unless the node has run well; one of the signals ends that. */
  async pause(): Promise<void> {
    this.#cancel();
    const { isSupervised, signals, clock, tell } = this.#options;
    const nowMs = clock.now().monotonicMs;
    const ranMs = nowMs - (this.#startedMs ?? Infinity);
    if (!isSupervised || ranMs >= wellMs) return;
    const pauseMs = this.#nextMs();
    tell(`ends in ${pauseMs / 1000} s: it is started again at once, and may fail again`);
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const stop = () => {
      this.forget();
      end();
    };
    for (const signal of signals) Deno.addSignalListener(signal, stop);
    const cancel = clock.at(nowMs + pauseMs, end);
    await over;
    cancel();
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
  }

  #nextMs(): number {
    const { file } = this.#options;
    if (file === undefined) return fixedMs;
    const pauseMs = Math.min(Math.max(firstMs, 2 * lastMs(file)), longestMs);
    try {
      Deno.mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
      replace(file, `${pauseMs}\n`);
      return pauseMs;
    } catch {
      return fixedMs;
    }
  }
}

/** Replaces a file, and where it is a link the link: its folder may belong to another user. */
function replace(file: string, text: string): void {
  const next = `${file}.${crypto.randomUUID()}`;
  Deno.writeTextFileSync(next, text, { mode: 0o600, createNew: true });
  try {
    Deno.renameSync(next, file);
  } catch (error) {
    Deno.removeSync(next);
    throw error;
  }
}

/** The pause that a file tells, in milliseconds; 0 where it tells none. */
function lastMs(file: string): number {
  try {
    const { isFile, size } = Deno.lstatSync(file);
    if (!isFile || size > maxBytes) return 0;
    const text = Deno.readTextFileSync(file);
    return /^\d+\n$/.test(text) ? Number(text) : 0;
  } catch {
    return 0;
  }
}
