import type { KeyRow } from "./option_row.ts";
import type { SecretReader } from "./secret_file.ts";
import type { Sections } from "./section.ts";

/** An action of a hook in a configuration: its kind, and the settings in its argument. */
export interface Action {
  /** The name of its kind ({@link ActionKind.kind}). */
  readonly kind: string;
  /** The argument as its kind has read it ({@link ActionKind.read}): plain data. */
  readonly settings: unknown;
}

/** The part of a kind of action that a configuration needs: reading and showing `NAME:ARGUMENT`. */
export interface ActionKind<Settings = unknown> {
  /** The kind's name in the log, in the status and in `failover node --check-config`. */
  readonly kind: string;
  /** The names before the colon that stand for the kind in a file. */
  readonly names: readonly string[];
  /** The keys of the argument; none where the argument is no keyval list. */
  readonly keys: readonly KeyRow[];
  /** Whether the argument is a command: in one, `$(…)` is left to the shell. */
  readonly isForShell?: boolean;

  /**
   * Reads the argument, which is not empty.
   *
   * @param written the argument before references were replaced: their values may be secret
   * @param secretIn reads the file of a secret that the argument names
   * @param sections the other sections of the configuration
   * @throws Invalid when the argument is wrong; the message holds nothing of the argument
   */
  read(
    argument: string,
    written: string,
    secretIn: SecretReader,
    sections?: Sections,
  ): Settings;

  /** The action in lines to read, secrets as `***`; the first begins with the name and a colon. */
  describe(settings: Settings): string[];

  /** The parts of the settings that are allowed and unwise, one sentence each. */
  warnings(settings: Settings): string[];

  /**
   * The thing that the action has, and that no other hook and no second node must have at once, such
   * as an address: the action is for `legion-lord` alone, and needs a lease with a release time. Left
   * out where there is no such thing.
   */
  exclusive?(settings: Settings): string;

  /** The paths of the files that the action reads when it runs; left out where there are none. */
  files?(settings: Settings): readonly string[];
}

/**
 * The kind of an action.
 *
 * @param kinds The kinds that the configuration was read with
 * @throws Error when none of them is the action's: a mistake of the program
 */
export function kindOf<Kind extends ActionKind>(action: Action, kinds: readonly Kind[]): Kind {
  const found = kinds.find(({ kind }) => kind === action.kind);
  if (found === undefined) throw new Error(`there is no action of the kind ${action.kind}`);
  return found;
}
