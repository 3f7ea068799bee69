import { equalData } from "../../base/equal_data.ts";
import type { Clock } from "../../base/clock.ts";
import { errorMessage } from "../../base/error_message.ts";
import type { EventLevel } from "../../base/log_level.ts";
import { forgotten, type Notes, type Past } from "../../legion/notes.ts";
import { type Boot, readBoot } from "./boot.ts";
import type { Directories } from "./directories.ts";
import { discardFile, prepareFolder, readOwn, replaceFile } from "./_files.ts";
import { Lock, MemoryLocked } from "./_lock.ts";
import type { Memory, RememberedService } from "./memory.ts";
import { memoryName } from "./_memory_name.ts";
import { formatNotes, type Noted, OtherBoot, parseNotes } from "./_notes_file.ts";
import { quietMs } from "./_quiet.ts";
import { type State, StateFile } from "./_state_file.ts";
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

const nothing: RememberedService = { checks: [] };

/**
 * Opens the memory of a node in one legion. Whatever is found in the files, and whether they can be
 * written or not, the node can run: at worst nothing is remembered, and log and status say so.
 *
 * @throws MemoryLocked when another process runs this legion at this address
 */
export async function openMemory(options: MemoryOptions): Promise<Memory> {
  const memory = new FileMemory(options, await (options.boot ?? readBoot()));
  await memory.recall();
  return memory;
}

/** A memory in files: the notes and a lock beside them in one folder, the state in another. */
class FileMemory implements Memory {
  readonly #options: MemoryOptions;
  readonly #boot: Boot;
  /** The path of the notes. */
  readonly #path: string;
  readonly #notesTrouble: Trouble;
  readonly #stateTrouble: Trouble;
  readonly #state: StateFile;
  /** The state as the process before left it. */
  readonly #before: State;
  #past: Past = forgotten;
  #remembered = nothing;
  /** The longest time that a promise binds which may still hold, in milliseconds. */
  #bindsMs: number;
  #lock?: Lock;
  #notes?: Notes;
  #service = nothing;
  #isStaleTold = false;
  #isClosed = false;
  #cancelRetry = () => {};

  /**
   * Takes the lock, and reads the state.
   *
   * @throws MemoryLocked
   */
  constructor(options: MemoryOptions, boot: Boot) {
    const { legion, address, directories: { runtime, state }, toleranceMs, log } = options;
    this.#options = options;
    this.#boot = boot;
    this.#bindsMs = Math.ceil(toleranceMs);
    this.#notesTrouble = new Trouble("notes for a restart", options);
    this.#stateTrouble = new Trouble("the state for a reboot", options);
    const name = memoryName(legion, address);
    this.#path = `${runtime}/${name}.notes`;
    this.#takeLockOrTell();
    const statePath = state && `${state}/${name}.state`;
    this.#state = new StateFile(statePath, this.#stateTrouble, (why) => {
      log("warn", `${statePath} is not used: ${why}`);
    });
    this.#before = this.#state.state;
  }

  /** Reads the notes, and notes in the state that the node runs. Must be called once. */
  async recall(): Promise<void> {
    const found = this.#lock === undefined ? "unusable" : this.#find();
    const { bindsMs, left } = this.#before;
    const isKept = this.#state.change({
      boot: this.#boot.id,
      machine: this.#boot.machine,
      bindsMs: Math.max(bindsMs, this.#bindsMs),
      left: false,
    });
    if (typeof found === "object") {
      this.#past = { kind: "noted", notes: found.notes };
      this.#service = this.#remembered = found.service;
      return;
    }
    const mayBeQuiet = found === undefined && isKept;
    this.#past = {
      kind: "forgotten",
      bindsMs,
      quietMs: mayBeQuiet ? await quietMs(this.#before, this.#boot) : 0,
      crashed: !left,
    };
  }

  get past(): Past {
    return this.#past;
  }

  get service(): RememberedService {
    return this.#remembered;
  }

  get trouble(): string | undefined {
    const whys = [this.#notesTrouble.why, this.#stateTrouble.why];
    return whys.filter((why) => why !== undefined).join("; ") || undefined;
  }

  note(notes: Notes | null): void {
    if (this.#isClosed) return;
    this.#notes = notes ?? undefined;
    if (notes === null) return this.#discard();
    // A node takes notes once all its promises have run out but the one that it notes.
    this.#bindsMs = Math.max(this.#bindsMs, Math.ceil(notes.support?.binds ?? 0));
    this.#state.change({ bindsMs: this.#bindsMs });
    this.#write();
    if (notes.end === "leave") this.#state.change({ left: true });
  }

  noteService(service: RememberedService): void {
    if (this.#isClosed || equalData(service, this.#service)) return;
    this.#service = service;
    this.#write();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelRetry();
    // A process that never supported anybody has not changed how the one before it ended.
    if (this.#notes === undefined) this.#state.change({ left: this.#before.left });
    this.#lock?.[Symbol.dispose]();
  }

  /** The notes of this boot; undefined: there are none. What is there and cannot be used is told. */
  #find(): Noted | "unusable" | undefined {
    try {
      const source = readOwn(this.#path);
      if (source === undefined) return undefined;
      if (this.#state.state.stale) throw new Error("later notes could not be written");
      return parseNotes(source, this.#boot, () => this.#nowMs);
    } catch (error) {
      this.#discard();
      if (error instanceof OtherBoot) return undefined;
      this.#options.log("warn", `${this.#path} is not used: ${errorMessage(error)}`);
      return "unusable";
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

  /** @throws Error when the lock cannot be taken, or nothing be kept beside it */
  #takeLock(): void {
    const { runtime } = this.#options.directories;
    if (runtime === undefined) {
      throw new Error("there is no RUNTIME_DIRECTORY, and no XDG_RUNTIME_DIR");
    }
    prepareFolder(runtime);
    if (this.#lock?.isInPlace) return;
    this.#lock?.[Symbol.dispose]();
    this.#lock = undefined;
    this.#lock = Lock.take(this.#path.replace(/notes$/, "lock"));
  }

  /** Writes the notes, if there are any; what cannot be written now is tried again later. */
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
    if (this.#options.directories.runtime === undefined) return true;
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
