/** The moment at which a node takes the title back from a lord it outranks (`legion-failback`). */
export type FailbackUse =
  | { readonly kind: "immediate" }
  /** After so many milliseconds as an arbiter. */
  | { readonly kind: "delay"; readonly delayMs: number }
  /** Not before `failover promote`. */
  | { readonly kind: "manual" };
