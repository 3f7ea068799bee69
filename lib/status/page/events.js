// @ts-check
import { h } from "./describe.js";
import { clock, timeElement } from "./times.js";

/** The number of events that are shown at once; the older ones fold. */
const newest = 12;

/** The word for an event that is more than information. @type {Readonly<Record<string, string[]>>} */
const words = { warn: ["warning", "warning: "], error: ["critical", "error: "] };

/**
 * The events, the newest first.
 *
 * @param {readonly import("../report.ts").EventStats[]} events the newest last
 * @param {number} now the time by the node's clock, in seconds since 1970
 * @returns {import("./describe.js").Content}
 */
export function eventList(events, now) {
  if (events.length === 0) return null;
  const items = events.map((event) => item(event, now)).toReversed();
  const older = items.slice(newest);
  return h(
    "section.panel",
    {},
    h("h3", {}, "Events"),
    h("ol.list", {}, ...items.slice(0, newest)),
    older.length > 0 &&
      h("details", {}, h("summary", {}, `${older.length} older`), h("ol.list", {}, ...older)),
  );
}

/**
 * @param {import("../report.ts").EventStats} event
 * @param {number} now
 */
function item({ time, level, message }, now) {
  const [look, word] = words[level] ?? [];
  return h(
    "li",
    { key: `${time} ${message}` },
    timeElement(time, clock(time, now)),
    h("span", {}, word && h(`strong.${look}`, {}, word), message),
  );
}
