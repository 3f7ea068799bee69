// @ts-check
import { addressCards } from "./addresses.js";
import { h } from "./describe.js";
import { eventList } from "./events.js";
import { matrix } from "./matrix.js";
import { nodeTable } from "./nodes.js";
import { reignStrip } from "./reigns.js";
import { runningHooks, service } from "./service.js";
import { duration, since } from "./times.js";

/**
 * All that a node tells of a legion.
 *
 * @param {import("../report.ts").LegionStats} legion a node of an older version tells less
 * @param {number} now the time by the node's clock, in seconds since 1970
 * @param {number} asOf when the node told it
 * @returns {import("./describe.js").Content}
 */
export function legionView(legion, now, asOf) {
  return h(
    "section.legion",
    { key: legion.legion },
    h(
      "div.panel.lordship",
      {},
      h("h2", {}, h("span.quiet", {}, "legion "), h("span.name", {}, legion.legion)),
      lordLine(legion, now),
      h("p.why", {}, ownPart(legion)),
      ...runningHooks(legion.running ?? [], now),
      facts(legion),
    ),
    h(
      "div.main",
      {},
      addressCards(legion, now),
      nodeTable(legion, now),
      reignStrip(legion, asOf),
      matrix(legion),
    ),
    h("div.side", {}, service(legion, now), eventList(legion.events ?? [], now)),
  );
}

/**
 * @param {import("../report.ts").LegionStats} legion
 * @param {number} now
 */
function lordLine({ lords, lordless_seconds, reigns = [] }, now) {
  if (lords.length === 0) {
    return h("p.big.critical", {}, `No lord for ${duration(lordless_seconds)}`);
  }
  if (lords.length > 1) {
    return h("p.big.critical", {}, `${lords.join(" and ")} all say that they are lord`);
  }
  const [lord] = lords;
  const reign = reigns.at(-1);
  return h(
    "p.big",
    {},
    h("span.name.good", {}, lord),
    " is the lord",
    reign?.lord === lord && h("span.quiet", {}, ", for ", since(reign.since, now)),
  );
}

/** @param {import("../report.ts").LegionStats} legion */
function ownPart({ state, why_not_lord, stands_back }) {
  const part = {
    lord: "is the lord",
    follower: "is a follower",
    candidate: "is a candidate",
    "stands back": "stands back",
  }[/** @type {string} */ (state)] ?? `is ${state}`;
  const withoutWhy = why_not_lord === "" && stands_back.length === 0;
  if (withoutWhy) return `This node ${part}.`;
  return `This node ${part}: ${why_not_lord || stands_back.map(({ why }) => why).join("; ")}.`;
}

/** @param {import("../report.ts").LegionStats} legion */
function facts(legion) {
  const { quorum, guarantee, guarantee_why, transitions, freq_seconds, tolerance_seconds } = legion;
  const listed = (legion.roster ?? []).filter(({ listed }) => listed).length;
  const up = legion.voters_up ?? legion.present;
  const why = guarantee_why === "" ? "" : `: ${guarantee_why}`;
  return h(
    "dl.facts",
    {},
    fact("voters up", `${up}${listed > 0 ? ` of ${listed}` : ""}, ${quorum} needed`),
    fact("guarantee", `${guarantee}${why}`),
    transitions === undefined
      ? null
      : fact("title changed hands", `${transitions} ${transitions === 1 ? "time" : "times"}`),
    fact("announces", `each ${freq_seconds} s; silent after ${tolerance_seconds} s`),
  );
}

/**
 * @param {string} name
 * @param {string} value
 */
function fact(name, value) {
  return h("div", { key: name }, h("dt", {}, name), h("dd", {}, value));
}
