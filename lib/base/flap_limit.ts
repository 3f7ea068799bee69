/** How often a node may lose the title before it stays out (`legion-flap`). */
export interface FlapLimit {
  /** How many losses are allowed. */
  readonly count: number;
  /** The time within which losses are counted together, in milliseconds. */
  readonly withinMs: number;
}
