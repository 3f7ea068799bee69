/** The limit of how often a node may lose the title before it stands back (`legion-flap`). */
export interface FlapLimit {
  /** The number of losses that are allowed. */
  readonly count: number;
  /** The time within which losses are counted together, in milliseconds. */
  readonly withinMs: number;
}
