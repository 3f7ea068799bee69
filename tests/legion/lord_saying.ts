import type { Announcement } from "../../lib/legion/announcement.ts";
import { type Member, Membership } from "../../lib/legion/membership.ts";
import { voterSays } from "./announcement.ts";

/** The member a, heard as lord at a time, monotonic, to be changed where a test needs it. */
export function lordSaying(
  { heardMs, ...changed }: Partial<Announcement> & { heardMs: number },
): Member {
  const members = new Membership();
  const said = voterSays("a", { name: "lord", lord: 1, ...changed });
  members.hear(said, "a:2000", { monotonicMs: heardMs, wallMs: heardMs });
  const [lord] = members;
  return lord;
}
