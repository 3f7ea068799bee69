import type { ActionKind } from "../base/action_kind.ts";
import type { MoveContext } from "../move/context.ts";
import type { KeptAddress } from "../move/provider.ts";

/** A kind of action: how it is read and told, and what it does. */
export interface HookKind<Settings = unknown> extends ActionKind<Settings> {
  /**
   * Does it.
   *
   * @throws HookError when it fails
   * @throws the reason of the context's signal when that was aborted, once nothing of it runs any more
   */
  run(settings: Settings, context: HookContext): Promise<void>;

  /** The address that it moves, and its provider; it is looked at before and after the hook. */
  provider?(settings: Settings): KeptAddress;
}

/** What a hook is told about why it runs, and how it reports. */
export interface HookContext extends MoveContext {
  /** The legion's name. */
  readonly legion: string;
  /** The event, as the option has it: `lord`, `node-left`, … */
  readonly event: string;
  /** The name of the node it is about: the member that joined or left, else this one. */
  readonly node: string;
  /** The name of the lord that the legion has agreed upon; empty while there is none. */
  readonly lord: string;
  /** One line of what a command said: for the log alone, since it may hold anything. */
  readonly output: (line: string) => void;
}

/** A hook that failed: the message says why, without any secret. */
export class HookError extends Error {
  override readonly name = "HookError";
}
