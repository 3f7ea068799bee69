/** What the nodes of a drill are set to. */
export interface Settings {
  /** Between two announcements. */
  readonly freqSeconds: number;
  readonly toleranceSeconds: number;
  readonly quorum: number;
  /** `legion-lease`. */
  readonly lease: string;
}

/** How long a switch of the address takes at the drills' Robot. */
export function switchSeconds({ freqSeconds }: Settings): number {
  return 0.3 * freqSeconds;
}
