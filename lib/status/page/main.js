import { iconUrl } from "./icons.js";
import { legionView } from "./legion.js";
import { patch } from "./patch.js";
import { announcementOf, lookOf, titleOf, verdictView } from "./verdict.js";

/** The time from an answer to the next question, in milliseconds. */
const pauseMs = 500;
/** The time after which an answer no longer comes, in milliseconds. */
const patienceMs = 5_000;
/** The time without an answer that is not told, so that a restart of the node alarms nobody. */
const quietMs = 2_000;

/** The newest answer. @type {import("../document.ts").StatsDocument | undefined} */
let stats;
/** The version that served this page. */
let ownVersion = "";
/** How far the node's clock is ahead of the browser's, in milliseconds. */
let aheadMs = 0;
/** When the newest answer came, by the browser's steady clock. */
let answeredMs = performance.now();
/** When the first question was put that has no answer; undefined: all have. */
let askedMs = /** @type {number | undefined} */ (undefined);
/** The verdict that was announced last. */
let announced = "";

/** Asks the node, and again a while after its answer, for as long as the page is open. */
async function ask() {
  askedMs ??= performance.now();
  try {
    const reply = await fetch("stats", { signal: AbortSignal.timeout(patienceMs) });
    const answer = await reply.json();
    if (!Array.isArray(answer.legions)) throw new TypeError("no status of a node");
    setClock(Date.parse(reply.headers.get("date") ?? ""));
    stats = answer;
    ownVersion ||= answer.version;
    answeredMs = performance.now();
    askedMs = undefined;
    draw();
  } catch {
    // A node that does not answer is told of by draw.
  }
  setTimeout(ask, pauseMs);
}

/**
 * Goes by the node's clock, since that of the browser may be minutes off.
 *
 * @param {number} dateMs the whole second in which the node answered; NaN: not told
 */
function setClock(dateMs) {
  const measuredMs = dateMs + 500 - Date.now();
  if (Math.abs(measuredMs - aheadMs) > 1_500) aheadMs = measuredMs;
}

/** Shows the newest answer, and how old it is. */
function draw() {
  const now = (Date.now() + aheadMs) / 1000;
  const asOf = now - (performance.now() - answeredMs) / 1000;
  const isSilent = askedMs !== undefined && performance.now() - askedMs > quietMs;
  const silentSeconds = isSilent ? Math.round(now - asOf) : undefined;
  const shown = { stats, now, asOf, silentSeconds };
  const { icon, word } = lookOf(shown);
  setIfNew(document, "title", titleOf(shown));
  setIfNew(element("icon"), "href", iconUrl(icon));
  patch(element("verdict"), verdictView(shown, ownVersion));
  patch(
    element("legions"),
    stats === undefined ? [] : stats.legions.map((legion) => legionView(legion, now, asOf)),
  );
  // Findings tell of seconds, and change all the time: what is announced is another verdict.
  if (word !== announced) element("announcement").textContent = announcementOf(shown);
  announced = word;
}

/**
 * An element of page.html.
 *
 * @param {string} id
 * @returns {any}
 */
function element(id) {
  return document.querySelector(`#${id}`);
}

/**
 * Sets a property unless it is so already: a browser may draw an icon anew each time.
 *
 * @param {any} object
 * @param {string} name
 * @param {string} value
 */
function setIfNew(object, name, value) {
  if (object[name] !== value) object[name] = value;
}

ask();
setInterval(draw, 1_000);
