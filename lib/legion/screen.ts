import type { Announcement } from "./announcement.ts";
import { DatagramError } from "./datagram_error.ts";
import type { Membership } from "./membership.ts";

// Nothing that comes from outside may grow without a bound.
const maxMembers = 1000;

/** What an announcement is measured against. */
export interface ScreenOptions {
  /** The legion's name. */
  readonly legion: string;
  /** How far behind a peer's clock may be. */
  readonly skewToleranceMs: number;
  readonly members: Membership;
  /** The wall clock of this node. */
  readonly wallMs: number;
}

/**
 * Lets pass what a legion may take in (legion-protocol, "Life of a node").
 *
 * @throws DatagramError `legion`, `stale` or `crowded`
 */
export function screen(said: Announcement, options: ScreenOptions): void {
  const { legion, skewToleranceMs, members, wallMs } = options;
  if (said.legion !== legion) {
    throw new DatagramError("legion", `it is for the legion ${JSON.stringify(said.legion)}`);
  }
  const behindMs = wallMs - said.unix * 1000;
  if (behindMs > skewToleranceMs) {
    const seconds = Math.round(behindMs / 1000);
    throw new DatagramError("stale", `it is ${seconds} s old by the clocks: are they in sync?`);
  }
  if (members.size >= maxMembers && !said.dead && !members.has(said)) {
    throw new DatagramError("crowded", `there are ${maxMembers} members already`);
  }
}
