/** The reason for which a node may not go on being lord, or taking over. */
export interface Loss {
  /** The reason in a few words, for the log. */
  readonly why: string;
  /** Whether it was meant to be so: by an order, or since another node is to be lord by its valor. */
  readonly isPlanned: boolean;
}
