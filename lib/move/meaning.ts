/**
 * The meaning of an error for a takeover:
 *
 * - `there`: the address is where it is wanted
 * - `locked`: a switch of this address is running, perhaps our own, whose reply was lost
 * - `refused`: trying again is of no use
 * - `limited`: the quota is used up
 * - `busy`: the provider takes no request now; nothing has happened, and soon it takes the same again
 * - `broken`: the switch broke
 * - `maintenance`: the provider is not available
 * - `unsent`: there was no connection; nothing has happened
 * - `unknown`: the switch may have happened, or may still be running
 */
export type Meaning =
  | "there"
  | "locked"
  | "refused"
  | "limited"
  | "busy"
  | "broken"
  | "maintenance"
  | "unsent"
  | "unknown";
