import { type Announcement, noUuid } from "../../lib/legion/announcement.ts";

/** What a peer says before its first vote, to be changed where a test needs it. */
export function announcement(changed: Partial<Announcement> = {}): Announcement {
  return {
    legion: "test",
    valor: 10,
    unix: 0,
    lord: 0,
    name: "a",
    pid: 1,
    uuid: "a".repeat(36),
    checksum: 0n,
    lordValor: 0,
    lordUuid: noUuid,
    scroll: "",
    dead: false,
    seq: 0,
    support: undefined,
    claim: false,
    binds: 0,
    node: "",
    config: "",
    ...changed,
  };
}
