import type { Announcement } from "../../lib/legion/announcement.ts";

/** An announcement as a line of the transcript. */
export function described(said: Announcement): string {
  const { uuid, seq, dead, support, claim, lord, valor, lordUuid } = said;
  const short = (id: string) => id.replace(/[.\0]+$/, "");
  return `says ${short(uuid)} ${seq}, valor ${valor}, votes ${short(lordUuid) || "for nobody"}` +
    (support === undefined ? "" : `, supports ${short(support.uuid)}:${support.seq}`) +
    (claim ? ", claims" : "") + (lord > 0 ? ", is lord" : "") + (dead ? ", leaves" : "");
}
