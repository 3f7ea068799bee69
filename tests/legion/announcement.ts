import { type Announcement, noUuid } from "../../lib/legion/announcement.ts";
import { configMark } from "../../lib/legion/config_mark.ts";
import { legionOptions } from "./legion_options.ts";

/** The word of a peer before its first vote, to be changed where a test needs it. */
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
    was: undefined,
    config: "",
    hears: undefined,
    aside: undefined,
    ...changed,
  };
}

/**
 * The word of a listed node of ours, its list, quorum and tolerance being those of `legionOptions`, to
 * be changed where a test needs it.
 */
export function voterSays(name: string, changed: Partial<Announcement> = {}): Announcement {
  const { voters, quorum, toleranceMs } = legionOptions();
  return announcement({
    name,
    uuid: name.repeat(36),
    seq: 1,
    binds: changed.support === undefined ? 0 : toleranceMs,
    node: `${name}:2000`,
    config: configMark(voters, quorum),
    ...changed,
  });
}
