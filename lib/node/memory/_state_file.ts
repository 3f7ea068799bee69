import { dirname } from "@std/path/dirname";
import { equalData } from "../../base/equal_data.ts";
import { errorMessage } from "../../base/error_message.ts";
import { prepareFolder, readOwn, replaceFile } from "./_files.ts";
import { flag, readFields, text, whole } from "./_shape.ts";
import type { Trouble } from "./_trouble.ts";

/** The things that a node knows of itself across reboots. */
export interface State {
  /** The boot that it last ran in; undefined: not known. */
  readonly boot?: string;
  /** The machine that it last ran on; undefined: not known. */
  readonly machine?: string;
  /** The longest time that a promise of it may bind, in milliseconds; 0: not known. */
  readonly bindsMs: number;
  /** Whether its last process took leave; true also where none is known. */
  readonly left: boolean;
  /** Whether the notes must not be used: they could be neither replaced nor removed. */
  readonly stale: boolean;
}

// The form of the file. To be raised with each change that an older program would misread.
const version = 1;

const unknown: State = { bindsMs: 0, left: true, stale: false };

/** Writes a state as text. */
export function formatState(state: State): string {
  return JSON.stringify({ version, ...state });
}

/**
 * Reads a state.
 *
 * @throws Misshapen that says why the text cannot be used
 */
export function parseState(source: string): State {
  const fields = readFields(source, version);
  return {
    boot: fields.optional("boot", text),
    machine: fields.optional("machine", text),
    bindsMs: fields.get("bindsMs", whole),
    left: fields.get("left", flag),
    stale: fields.get("stale", flag),
  };
}

/** The file with the state of a node. */
export class StateFile {
  readonly #path: string | undefined;
  readonly #trouble: Trouble;
  #kept?: State;
  #state: State;

  /**
   * Reads the state.
   *
   * @param path the file; undefined: no folder for it is known
   * @param trouble told when the state cannot be kept, and when it can again
   * @param unusable called with the reason why the file is there and cannot be used
   */
  constructor(path: string | undefined, trouble: Trouble, unusable: (why: string) => void) {
    this.#path = path;
    this.#trouble = trouble;
    try {
      const source = path === undefined ? undefined : readOwn(path);
      if (source !== undefined) this.#kept = parseState(source);
    } catch (error) {
      unusable(errorMessage(error));
    }
    this.#state = this.#kept ?? unknown;
  }

  /** The state with all changes, kept or not. */
  get state(): State {
    return this.#state;
  }

  /**
   * Changes the state, and keeps it where it is not kept yet. All but `left` outlives a power failure
   * from then on: a node that seems to have crashed is only more careful.
   *
   * @returns whether it is kept
   */
  change(changes: Partial<State>): boolean {
    this.#state = { ...this.#state, ...changes };
    const before = this.#kept;
    if (equalData(this.#state, before)) return true;
    const lasting = !equalData({ ...this.#state, left: before?.left }, before);
    try {
      if (this.#path === undefined) throw new Error("there is no STATE_DIRECTORY, and no HOME");
      prepareFolder(dirname(this.#path));
      replaceFile(this.#path, formatState(this.#state), { lasting });
    } catch (error) {
      this.#trouble.begin(errorMessage(error));
      return false;
    }
    this.#kept = this.#state;
    this.#trouble.end();
    return true;
  }
}
