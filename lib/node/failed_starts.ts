import { dirname } from "@std/path/dirname";
import type { Clock } from "../base/clock.ts";
import { plainText } from "../base/plain_text.ts";
import { formatAddress } from "../config/address.ts";
import type { Config } from "../config/config.ts";
import { runtimeFolder, type Surroundings } from "../config/runtime_folder.ts";

/** The last start of a node that failed. */
export interface FailedStart {
  /** When it failed, in milliseconds since 1970. */
  readonly wallMs: number;
  /** Why, as the log has it. */
  readonly why: string;
}

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
/** The most bytes of a file with a pause and a reason. */
const maxBytes = 1_024;
/** The longest reason that is kept, in characters. */
const longestWhy = 300;
/** The most files of a folder that are looked at: others may have filled it. */
const mostFiles = 64;

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

  /**
   * Takes in that the node runs: the reason of the last failure is over, and after a minute its end is
   * no failed start any more.
   */
  started(): void {
    const { clock, file } = this.#options;
    const pauseMs = file === undefined ? 0 : lastMs(file);
    if (pauseMs > 0) this.#keep(file!, `${pauseMs}\n`);
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

  /**
   * Waits before the process ends, unless the node has run well; one of the signals ends that.
   *
   * @param why the reason why the process ends, which is kept for those who ask for a node
   */
  async pause(why: string): Promise<void> {
    this.#cancel();
    const { isSupervised, signals, clock, tell } = this.#options;
    const nowMs = clock.now().monotonicMs;
    const ranMs = nowMs - (this.#startedMs ?? Infinity);
    if (ranMs >= wellMs) return;
    const pauseMs = this.#nextMs(why);
    if (!isSupervised) return;
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

  #nextMs(why: string): number {
    const { file } = this.#options;
    if (file === undefined) return fixedMs;
    const pauseMs = Math.min(Math.max(firstMs, 2 * lastMs(file)), longestMs);
    return this.#keep(file, `${pauseMs}\n${plainText(why, longestWhy)}\n`) ? pauseMs : fixedMs;
  }

  /** Writes the file; false where nothing can be kept. */
  #keep(file: string, text: string): boolean {
    try {
      Deno.mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
      replace(file, text);
      return true;
    } catch {
      return false;
    }
  }
}

/** Replaces a file, and where it is a link the link: its folder may belong to another user. */
function replace(file: string, text: string): void {
  const next = `${file}.${crypto.randomUUID()}`;
  // The service's group may ask for a node's status, and so for why there is none.
  Deno.writeTextFileSync(next, text, { mode: 0o640, createNew: true });
  try {
    Deno.renameSync(next, file);
  } catch (error) {
    Deno.removeSync(next);
    throw error;
  }
}

/** The pause that a file tells, in milliseconds; 0 where it tells none. */
function lastMs(file: string): number {
  return Number(read(file)?.text.match(/^(\d{1,5})\n/)?.[1] ?? 0);
}

/** The start that failed last among the nodes with files in these folders; undefined: none. */
export function lastFailedStart(folders: readonly string[]): FailedStart | undefined {
  const found = folders.flatMap(filesIn).flatMap((file): FailedStart[] => {
    const { text, wallMs } = read(file) ?? { text: "", wallMs: 0 };
    const why = text.match(/^\d{1,5}\n(.+)\n$/)?.[1];
    return why === undefined ? [] : [{ wallMs, why: plainText(why, longestWhy) }];
  });
  return found.sort((a, b) => b.wallMs - a.wallMs)[0];
}

function filesIn(folder: string): string[] {
  try {
    const names = Deno.readDirSync(folder).map(({ name }) => name);
    return [...names.filter((name) => name.endsWith(".failed")).take(mostFiles)]
      .map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

/** A small file's text and when it was written; undefined where it cannot be read. */
function read(file: string): { text: string; wallMs: number } | undefined {
  try {
    const { isFile, size, mtime } = Deno.lstatSync(file);
    if (!isFile || size > maxBytes) return undefined;
    return { text: Deno.readTextFileSync(file), wallMs: mtime?.getTime() ?? 0 };
  } catch {
    return undefined;
  }
}
