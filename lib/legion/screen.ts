import type { Announcement } from "./announcement.ts";
import { DatagramError } from "./datagram_error.ts";
import type { Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";

/** The things an announcement is measured against. */
export interface ScreenOptions
  extends Pick<LegionOptions, "legion" | "skewToleranceMs" | "maxMembers" | "lease"> {
  /** The uuid of this node. */
  readonly uuid: string;
  /** All other nodes that are heard. */
  readonly members: Membership;
  /** The wall clock of this node, in milliseconds since 1970. */
  readonly wallMs: number;
}

/**
 * Lets only those announcements pass that a legion may take in (PROTOCOL.md, "Life of a node";
 * PROTOCOL.md, "Where it falls short", 7).
 *
 * @throws DatagramError `legion`, `stale`, `future`, `unleased`, `identity` or `crowded`
 */
export function screen(said: Announcement, options: ScreenOptions): void {
  const { legion, skewToleranceMs, maxMembers, lease, uuid, members, wallMs } = options;
  if (said.legion !== legion) {
    throw new DatagramError("legion", `it is for the legion ${JSON.stringify(said.legion)}`);
  }
  const behindMs = wallMs - said.unix * 1000;
  const aheadSeconds = -Math.round(behindMs / 1000);
  const seconds = Math.abs(aheadSeconds);
  if (behindMs > skewToleranceMs) {
    const why = `it is ${seconds} s old by the clocks: are they in sync?`;
    throw new DatagramError("stale", why, aheadSeconds);
  }
  if (behindMs < -skewToleranceMs) {
    const why = `it is ${seconds} s ahead by the clocks: are they in sync?`;
    throw new DatagramError("future", why, aheadSeconds);
  }
  if (lease === "on" && said.seq === 0) {
    const why =
      "it comes from uWSGI or a node with legion-lease off, and legion-lease is on here: " +
      "such a node has no vote";
    throw new DatagramError("unleased", why);
  }
  if (said.uuid === uuid || said.was === uuid) {
    throw new DatagramError("identity", "it says that it is this node, or was");
  }
  const former = said.was === undefined ? undefined : members.withUuid(said.was);
  const isOther = former !== undefined && former.said.node !== "" &&
    former.said.node !== said.node;
  if (isOther) {
    throw new DatagramError(
      "identity",
      `it says that it was ${former.name}, which is another node`,
    );
  }
  if (members.size >= maxMembers && !said.dead && !members.has(said)) {
    const limit = `there are ${maxMembers} members already (legion-max-members)`;
    throw new DatagramError("crowded", limit);
  }
}
