import type { Meaning } from "../../move/meaning.ts";
import type { MoveResult } from "../../move/move_address.ts";
import { exitStatus } from "../exit_status.ts";

/** The exit statuses of the subcommands that ask a provider, for their help. */
export const providerExitHelp =
  `Exit status: 0 done, or nothing to do; 1 refused, no use in trying again; 2
wrong usage or configuration, nothing was sent; 75 try again later: locked,
quota used up, maintenance, no connection, or the outcome is not known.
`;

/** The exit status for the result of a takeover or a release. */
export function exitStatusOf({ outcome }: MoveResult): number {
  switch (outcome) {
    case "routed":
    case "already routed":
      return exitStatus.done;
    case "refused":
      return exitStatus.failed;
    case "try later":
    case "unknown":
    case "presumed there":
      return exitStatus.tryAgain;
  }
}

/** The exit status for a single question that was not answered. */
export function exitStatusOfError(meaning: Meaning): number {
  return meaning === "refused" ? exitStatus.failed : exitStatus.tryAgain;
}

/** The result of a takeover or a release by hand, for `--json`. */
export interface ToldResult {
  /** The address. */
  readonly ip: string;
  /** The server that it pointed to before; null: nowhere; left out: not known. */
  readonly from?: string | null;
  /** The server that it was to point to; null: nowhere. */
  readonly to: string | null;
  /** The outcome in a few words. */
  readonly outcome: string;
  /** The code of the error; null: none. */
  readonly code: string | null;
  /** The outcome in a sentence. */
  readonly message: string;
  /** The duration, in seconds. */
  readonly seconds: number;
  /** The number of requests for a switch. */
  readonly posts: number;
}

/** A result as one line of JSON, its keys always in the same order. */
export function resultLine(result: ToldResult): string {
  const { ip, from, to, outcome, code, message, seconds, posts } = result;
  return JSON.stringify({ ip, from, to, outcome, code, message, seconds, posts });
}
