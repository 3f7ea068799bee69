// @ts-check
import { h, printable } from "./describe.js";
import { icon } from "./icons.js";
import { clock, duration } from "./times.js";

/**
 * The state that the page shows.
 *
 * @typedef {object} Shown
 * @property {import("../document.ts").StatsDocument | undefined} stats the newest answer of the node
 * @property {number} now the time by the node's clock, in seconds since 1970
 * @property {number} asOf when the node gave that answer, in seconds of its clock
 * @property {number | undefined} silentSeconds for how long the node has not answered; undefined: it
 *   answers
 */

/**
 * The looks of a verdict.
 *
 * @typedef {object} Look
 * @property {string} word the verdict in a word or two, for a person
 * @property {import("./icons.js").Icon} icon
 * @property {string} mark a character for the title, where there may be room for no more
 * @property {string} level the class that gives the colours
 */

/** @type {Readonly<Record<string, Look>>} */
const looks = {
  OK: { word: "All is well", icon: "good", mark: "✓", level: "good" },
  WARNING: { word: "Warning", icon: "warning", mark: "!", level: "warning" },
  CRITICAL: { word: "Critical", icon: "critical", mark: "✗", level: "critical" },
  "NO ANSWER": { word: "No answer", icon: "unknown", mark: "?", level: "critical" },
  ASKING: { word: "Asking the node …", icon: "unknown", mark: "?", level: "unknown" },
};

/**
 * The verdict to show: the node's own, as long as it answers.
 *
 * @param {Shown} shown
 * @returns {Look}
 */
export function lookOf({ stats, silentSeconds }) {
  if (silentSeconds !== undefined) return looks["NO ANSWER"];
  if (stats === undefined) return looks.ASKING;
  // A node of an older version tells its findings alone, the worst first.
  const told = stats.verdict ?? stats.findings[0]?.level.toUpperCase() ?? "OK";
  return looks[told] ?? looks.ASKING;
}

/**
 * The title of the page.
 *
 * @param {Shown} shown
 * @returns {string}
 */
export function titleOf(shown) {
  const { word, mark } = lookOf(shown);
  return printable(`${mark} ${word} – ${shown.stats?.name ?? "failover"}`);
}

/**
 * The sentence for those who listen to the page: the verdict, and the worst finding.
 *
 * @param {Shown} shown
 * @returns {string}
 */
export function announcementOf(shown) {
  const { word } = lookOf(shown);
  const worst = shown.silentSeconds === undefined ? shown.stats?.findings[0]?.text : undefined;
  return printable(worst === undefined ? word : `${word}: ${worst}`);
}

/**
 * The head of the page: the verdict, whose it is and of when, and what the node has found.
 *
 * @param {Shown} shown
 * @param {string} ownVersion the version of the program that this page is of; empty: not known yet
 * @returns {import("./describe.js").Content[]}
 */
export function verdictView(shown, ownVersion) {
  const { stats, now, asOf, silentSeconds } = shown;
  const { word, icon: name, level } = lookOf(shown);
  const silent = silentSeconds === undefined
    ? null
    : stats === undefined
    ? `The node has not answered for ${duration(silentSeconds)}, since this page was opened.`
    : `No answer for ${duration(silentSeconds)}; this is as of ${clock(asOf, now)}.`;
  return [
    h(
      `div.verdict.${level}`,
      {},
      h(
        "div.look",
        {},
        icon(name),
        h(
          "div",
          {},
          h("h1", {}, word),
          silent && h("p.silent", {}, silent),
          stats && h("p.node", {}, ...nodeLine(stats, silent ? undefined : clock(asOf, now))),
        ),
      ),
      stats && stats.findings.length > 0 &&
        h(
          "ul.findings",
          { "aria-label": "findings, the worst first" },
          ...stats.findings.map(finding),
        ),
    ),
    stats && stats.version !== ownVersion &&
    h(
      "p.other-version",
      {},
      `The node runs version ${stats.version} now: `,
      h("a", { href: "" }, "load this page anew"),
      ".",
    ),
  ];
}

/**
 * @param {import("../report.ts").Stats} stats
 * @param {string | undefined} at
 */
function nodeLine({ name, version, pid, uptime_seconds }, at) {
  return [
    "asked of ",
    h("strong.name", {}, name),
    `, version ${version}, process ${pid}, up ${duration(Math.floor(uptime_seconds))}`,
    at && ", at ",
    at && h("span.number", {}, at),
  ];
}

/**
 * @param {import("../finding.ts").Finding} finding a node of an older version names no topic
 */
function finding({ level, text, topic }) {
  return h(
    `li.finding.${level === "critical" ? "critical" : "warning"}`,
    { key: text },
    icon(level === "critical" ? "critical" : "warning", level),
    h(
      "span",
      {},
      h("span", {}, text),
      " ",
      topic && h("span.help", {}, h("code", {}, `failover help ${topic}`)),
    ),
  );
}
