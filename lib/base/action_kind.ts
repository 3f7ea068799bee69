import type { KeyRow } from "./option_row.ts";

/** An action as the configuration has it: which kind, and what its argument says. */
export interface Action {
  /** {@link ActionKind.kind} of the kind that has read it. */
  readonly kind: string;
  /** What {@link ActionKind.read} has made of the argument: plain data. */
  readonly settings: unknown;
}

/** A kind of action, as far as a configuration is concerned: how `NAME:ARGUMENT` is read and told. */
export interface ActionKind<Settings = unknown> {
  /** The kind's name in the log, in the status and in `failover node --check-config`. */
  readonly kind: string;
  /** The names that a file may call it by, before the colon. */
  readonly names: readonly string[];
  /** The keys of its argument; empty where the argument is no keyval list. */
  readonly keys: readonly KeyRow[];
  /** Whether the argument is for the shell, which has a `$(…)` of its own. */
  readonly isForShell?: boolean;

  /**
   * Reads the argument, which is not empty.
   *
   * @param written The same before references were replaced: what they stand for may be secret
   * @throws Invalid when it is wrong; the message holds nothing of it
   */
  read(argument: string, written: string): Settings;

  /** The action in lines to read, secrets as `***`; the first begins with the name and a colon. */
  describe(settings: Settings): string[];

  /** What is allowed and unwise, one sentence each. */
  warnings(settings: Settings): string[];
}

/** The kind of an action that one of these kinds has read. */
export function kindOf<Kind extends ActionKind>(action: Action, kinds: readonly Kind[]): Kind {
  const found = kinds.find(({ kind }) => kind === action.kind);
  if (found === undefined) throw new Error(`there is no action of the kind ${action.kind}`);
  return found;
}
