import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../base/clock.ts";
import { errorMessage } from "../../base/error_message.ts";
import type { EventLevel } from "../../base/log_level.ts";
import type { Notes, Past } from "../../legion/notes.ts";
import { type Boot, readBoot } from "./boot.ts";
import type { Directories } from "./directories.ts";
import { discardFile, prepareFolder, readOwn, replaceFile } from "./_files.ts";
import { Lock, MemoryLocked } from "./_lock.ts";
import type { Memory, RememberedService } from "./memory.ts";
import { formatNotes, type Noted, OtherBoot, parseNotes } from "./_notes_file.ts";
import { StateFile } from "./_state_file.ts";
import { Trouble } from "./_trouble.ts";

/** The place of a memory, and the means to keep it. */
export interface MemoryOptions {
  /** The legion's name. */
  readonly legion: string;
  /** The address of the `legion` line, `host:port`: several nodes may run on one machine. */
  readonly address: string;
  /** The folders. */
  readonly directories: Directories;
  /** The clock that the times of the notes go by. */
  readonly clock: Clock;
  /** How long a promise of this node binds at first, in milliseconds. */
  readonly toleranceMs: number;
  /** Takes the lines for the log. */
  readonly log: (level: EventLevel, message: string) => void;
  /** The machine and its boot; by default they are read. */
  readonly boot?: Promise<Boot>;
}

// The time between two attempts to write what could not be written, in milliseconds.
const pauseMs = 10_000;

/**
 * Opens the memory of a node in one legion. Whatever is found in the files, and however they can be
 * written or not, the node can run: at worst nothing is remembered, and the log says so.
 *
 * @throws MemoryLocked when another process runs this legion at this address
 */
export async function openMemory(options: MemoryOptions): Promise<Memory> {
  return new FileMemory(options, await (options.boot ?? readBoot()));
}

/** A memory in files. */
class FileMemory implements Memory {
  readonly past: Past;
  readonly service: RememberedService;
  readonly #options: MemoryOptions;
  readonly #boot: Boot;
  readonly #folder?: string;
  /** The path of the files without their extensions. */
  readonly #stem: string;
  readonly #notesTrouble: Trouble;
  readonly #stateTrouble: Trouble;
  readonly #state: StateFile;
  /** Whether the process before took leave, by the state. */
  readonly #hadLeft: boolean;
  /** The longest time that a promise binds which may still hold, in milliseconds. */
  #bindsMs: number;
  #lock?: Lock;
  #notes?: Notes;
  #service: RememberedService;
  #isStaleTold = false;
  #closed = false;
  #cancelRetry = () => {};

  constructor(options: MemoryOptions, boot: Boot) {
    const { legion, address, directories: { runtime, state }, toleranceMs, log } = options;
    this.#options = options;
    this.#boot = boot;
    this.#folder = runtime;
    const name = `${encodeURIComponent(legion)}@${encodeURIComponent(address)}`;
    this.#stem = `${runtime}/${name}`;
    this.#notesTrouble = new Trouble("notes for a restart", options);
    this.#stateTrouble = new Trouble("the state for a reboot", options);
    this.#takeLockOrTell();
    const statePath = state && `${state}/${name}.state`;
    this.#state = new StateFile(statePath, this.#stateTrouble, (why) => {
      log("warn", `${statePath} is not used: ${why}`);
    });
    const { left, bindsMs } = this.#state.state;
    this.#hadLeft = left;
    this.#bindsMs = toleranceMs;
    const found = this.#lock === undefined ? undefined : this.#find();
    this.#service = this.service = found?.service ?? { checks: [] };
    this.past = found === undefined
      ? { kind: "forgotten", bindsMs, quietMs: 0, crashed: !left }
      : { kind: "noted", notes: found.notes };
    const { id, machine } = boot;
    this.#state.change({
      boot: id,
      machine,
      bindsMs: Math.max(bindsMs, Math.ceil(toleranceMs)),
      left: false,
    });
  }

  get trouble(): string | undefined {
    const sentences = [this.#notesTrouble, this.#stateTrouble].flatMap(({ why }) => why ?? []);
    return sentences.length === 0 ? undefined : sentences.join("; ");
  }

  note(notes: Notes | null): void {
    if (this.#closed) return;
    this.#notes = notes ?? undefined;
    if (notes === null) return this.#discard();
    // Now that this node may support, all promises have run out but the one in these notes.
    this.#bindsMs = Math.max(this.#bindsMs, Math.ceil(notes.support?.binds ?? 0));
    this.#state.change({ bindsMs: this.#bindsMs });
    this.#write();
    if (notes.end === "leave") this.#state.change({ left: true });
  }

  noteService(service: RememberedService): void {
    if (this.#closed || isDeepStrictEqual(service, this.#service)) return;
    this.#service = service;
    if (this.#notes !== undefined) this.#write();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelRetry();
    // A process that never supported anybody has not changed how the one before it ended.
    if (this.#notes === undefined) this.#state.change({ left: this.#hadLeft });
    this.#lock?.[Symbol.dispose]();
    this.#lock = undefined;
  }

  get #path(): string {
    return `${this.#stem}.notes`;
  }

  /** The notes of the process before; undefined: there are none to be used. */
  #find(): Noted | undefined {
    try {
      const source = readOwn(this.#path);
      if (source === undefined) return undefined;
      if (this.#state.state.stale) throw new Error("later notes could not be written");
      return parseNotes(source, this.#boot, () => this.#nowMs);
    } catch (error) {
      const { log } = this.#options;
      if (!(error instanceof OtherBoot)) {
        log("warn", `${this.#path} is not used: ${errorMessage(error)}`);
      }
      this.#discard();
    }
  }

  #takeLockOrTell(): void {
    try {
      this.#takeLock();
    } catch (error) {
      if (error instanceof MemoryLocked) throw error;
      this.#notesTrouble.begin(errorMessage(error));
    }
  }

  /** @throws Error when the lock cannot be taken */
  #takeLock(): void {
    if (this.#folder === undefined) {
      throw new Error("there is no RUNTIME_DIRECTORY, and no XDG_RUNTIME_DIR");
    }
    prepareFolder(this.#folder);
    this.#lock ??= Lock.take(`${this.#stem}.lock`);
  }

  /** Writes the notes; what cannot be written now is tried again later. */
  #write(): void {
    this.#cancelRetry();
    if (this.#notes === undefined) return;
    const noted = { notes: this.#notes, service: this.#service };
    try {
      this.#takeLock();
      if (this.#boot.id === undefined) throw new Error("the id of this boot cannot be read");
      replaceFile(this.#path, formatNotes(noted, this.#boot, () => this.#nowMs));
      this.#notesTrouble.end();
      this.#state.change({ stale: false });
    } catch (error) {
      this.#notesTrouble.begin(errorMessage(error));
      this.#discard();
      this.#cancelRetry = this.#options.clock.at(this.#nowMs + pauseMs, () => this.#write());
    }
  }

  /** Makes sure that no process uses the notes that are in the file now. */
  #discard(): void {
    if (this.#isDiscarded() || this.#state.change({ stale: true }) || this.#isStaleTold) return;
    this.#isStaleTold = true;
    const { log } = this.#options;
    log("error", `${this.#path} is outdated and cannot be removed: no node must start with it`);
  }

  /** Whether there are no notes in the file, or none any more. */
  #isDiscarded(): boolean {
    if (this.#folder === undefined) return true;
    try {
      // In a folder that others may write to, the file may be a link to anywhere: it stays.
      if (this.#lock !== undefined) discardFile(this.#path);
      else Deno.lstatSync(this.#path);
      return this.#lock !== undefined;
    } catch (error) {
      return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
    }
  }

  get #nowMs(): number {
    return this.#options.clock.now().monotonicMs;
  }
}
