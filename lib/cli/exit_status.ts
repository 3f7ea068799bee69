/** The exit statuses of the executable, the same for all subcommands. */
export const exitStatus = {
  /** Done. */
  done: 0,
  /** Failed, or refused for good. */
  failed: 1,
  /** Wrong usage or configuration: nothing was done. */
  usage: 2,
  /** Not now: try again later (EX_TEMPFAIL of sysexits.h). */
  tryAgain: 75,
} as const;
