// @ts-check
import { h } from "./describe.js";
import { clock, duration, timeElement } from "./times.js";

const daySeconds = 86_400;
const colours = 6;

/**
 * A time of the last day in which one node was lord, or none, or in which that is not known.
 *
 * @typedef {object} Reign
 * @property {string} lord the name of the lord; empty: none, or not known
 * @property {number | undefined} since when it began, in wall clock seconds; undefined: not known
 * @property {number} from in wall clock seconds
 * @property {number} to in wall clock seconds
 */

/**
 * A strip of the last 24 hours with who was lord, and below it the same in words.
 *
 * @param {import("../report.ts").LegionStats} legion
 * @param {number} asOf the end of these hours, by the node's clock, in seconds since 1970
 * @returns {import("./describe.js").Content}
 */
export function reignStrip({ reigns = [], roster = [] }, asOf) {
  if (reigns.length === 0) return null;
  const day = dayOf(reigns, asOf);
  const names = [...new Set([...roster.map(({ name }) => name), ...reigns.map(({ lord }) => lord)])]
    .filter((name) => name !== "");
  /** @param {Reign} reign */
  const look = ({ lord, since }) => {
    if (lord !== "") return `.lord-${names.indexOf(lord) % colours}`;
    return since === undefined ? ".untold" : ".none";
  };
  const totals = totalsOf(day);
  const words = totals.map(({ reign, seconds }) => `${nameOf(reign)} ${duration(seconds)}`);
  return h(
    "section.panel",
    {},
    h("h3", {}, "The last 24 hours"),
    h(
      "div.strip",
      { role: "img", "aria-label": `who was lord: ${words.join(", ")}` },
      ...day.map((reign) => segment(reign, look(reign), asOf)),
    ),
    h(
      "p.axis.quiet",
      { "aria-hidden": "true" },
      ...[24, 18, 12, 6, 0].map((hours) => {
        const time = Math.floor(asOf / 60) * 60 - hours * 3_600;
        return timeElement(time, hours === 0 ? "now" : hourOf(time));
      }),
    ),
    h(
      "ul.keys",
      {},
      ...totals.map(({ reign, seconds, count }) =>
        h(
          "li",
          { key: nameOf(reign) },
          h(`span.swatch${look(reign)}`, {}),
          h("span.name", {}, nameOf(reign)),
          h("span.quiet", {}, `${duration(seconds)}${count > 1 ? `, ${count} times` : ""}`),
        )
      ),
    ),
    day.length > 1 &&
      h(
        "details",
        {},
        h("summary", {}, "each change"),
        h(
          "ol.list",
          {},
          ...day.toReversed().map((reign) =>
            h(
              "li",
              { key: `${reign.since}` },
              reign.since === undefined
                ? h("span.quiet", {}, "before")
                : timeElement(reign.since, clock(reign.since, asOf)),
              h(
                "span",
                {},
                h(reign.lord === "" ? "span" : "span.name", {}, nameOf(reign)),
                h("span.quiet", {}, `, ${duration(reign.to - reign.from)}`),
              ),
            )
          ),
        ),
      ),
  );
}

/**
 * The last day from its beginning to its end, without holes.
 *
 * @param {readonly import("../report.ts").ReignStats[]} reigns
 * @param {number} end
 * @returns {Reign[]}
 */
function dayOf(reigns, end) {
  const begin = end - daySeconds;
  const known = reigns.map(({ lord, since }, index) => ({
    lord,
    since,
    from: Math.max(since, begin),
    to: Math.min(reigns[index + 1]?.since ?? end, end),
  })).filter(({ from, to }) => from < to);
  const first = known[0]?.from ?? end;
  const untold = { lord: "", since: undefined, from: begin, to: first };
  return first > begin ? [untold, ...known] : known;
}

/**
 * How long each was lord in all, in the order of their first time.
 *
 * @param {readonly Reign[]} day
 */
function totalsOf(day) {
  /** @type {Map<string, { reign: Reign, seconds: number, count: number }>} */
  const totals = new Map();
  for (const reign of day) {
    const key = nameOf(reign);
    const { seconds, count } = totals.get(key) ?? { seconds: 0, count: 0 };
    totals.set(key, { reign, seconds: seconds + reign.to - reign.from, count: count + 1 });
  }
  return [...totals.values()];
}

/** @param {Reign} reign */
function nameOf({ lord, since }) {
  if (lord !== "") return lord;
  return since === undefined ? "not known" : "no lord";
}

/**
 * @param {Reign} reign
 * @param {string} look
 * @param {number} end
 */
function segment(reign, look, end) {
  const { since, from, to } = reign;
  const share = (/** @type {number} */ seconds) => `${(seconds / daySeconds * 100).toFixed(4)}%`;
  const begin = since === undefined ? "" : ` from ${clock(since, end)}`;
  const title = `${nameOf(reign)}${begin}, ${duration(to - from)}`;
  return h(
    `span.reign${look}`,
    {
      key: `${since}`,
      title,
      "--from": share(from - (end - daySeconds)),
      "--share": share(to - from),
    },
    h("span", {}, nameOf(reign)),
  );
}

/** @param {number} time */
function hourOf(time) {
  const form = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return new Date(time * 1000).toLocaleTimeString([], form);
}
