// @ts-check
import { h } from "./describe.js";
import { icon } from "./icons.js";
import { ago, since, timeElement } from "./times.js";

/** The class of each part that is set off. @type {Readonly<Record<string, string>>} */
const looks = {
  lord: ".lord",
  "taking over": ".busy",
  "stands back": ".amiss",
  unknown: ".amiss",
  stopping: ".amiss",
};

/**
 * A row for each listed node, and for others that are heard.
 *
 * @param {import("../report.ts").LegionStats} legion
 * @param {number} now the time by the node's clock, in seconds since 1970
 * @returns {import("./describe.js").Content}
 */
export function nodeTable(legion, now) {
  const { roster = [] } = legion;
  if (roster.length === 0) return null;
  const head = ["node", "part", "valor", "heard", "version", "state"];
  // Laid out as cards on a narrow screen, a table is one to a screen reader by these roles alone.
  return h(
    "section.panel",
    {},
    h("h3", {}, "Nodes"),
    h(
      "table.nodes",
      { role: "table" },
      h(
        "thead",
        { role: "rowgroup" },
        h(
          "tr",
          { role: "row" },
          ...head.map((name) => h("th", { role: "columnheader", scope: "col" }, name)),
        ),
      ),
      h("tbody", { role: "rowgroup" }, ...roster.map((node) => row(node, legion, now))),
    ),
  );
}

/**
 * @param {import("../node_stats.ts").NodeStats} node
 * @param {import("../report.ts").LegionStats} legion
 * @param {number} now
 */
function row(node, legion, now) {
  const { role, valor, version, last_heard } = node;
  // Of itself a node tells more than a role.
  const isCandidate = node.is_this && legion.state === "candidate";
  const part = role === "unknown" ? "not heard" : isCandidate ? "candidate" : role;
  const isWell = node.troubles.length === 0 &&
    node.stands_back.every((kind) => kind === "not leader");
  return h(
    "tr",
    { role: "row", key: node.node },
    h("th", { role: "rowheader", scope: "row" }, ...whose(node)),
    cell("part", h(`span.badge${looks[role] ?? ""}`, {}, part)),
    cell("valor", `${valor}`),
    cell("heard", ...heard(node, legion.freq_seconds, last_heard, now)),
    cell("version", version),
    cell("state", state(node, isWell, now)),
  );
}

/**
 * @param {string} label the name of the column, shown where there are no columns
 * @param {...import("./describe.js").Content} content
 */
function cell(label, ...content) {
  const isEmpty = content.every((part) => part === "");
  return h(`td.${label}`, { role: "cell", "data-label": isEmpty ? "" : label }, ...content);
}

/** @param {import("../node_stats.ts").NodeStats} node */
function whose({ name, node, is_this, listed, kind }) {
  const notes = [
    ...is_this ? ["this node"] : [],
    ...listed ? [] : ["not listed"],
    ...kind === "uwsgi" ? ["uWSGI"] : [],
  ];
  return [
    h("span.name", {}, name === "" ? "?" : name),
    ...notes.flatMap((note) => [" ", h("span.tag", { key: note }, note)]),
    h("span.address", {}, node),
  ];
}

/**
 * @param {import("../node_stats.ts").NodeStats} node
 * @param {number} freqSeconds
 * @param {number} time
 * @param {number} now
 */
function heard({ is_this }, freqSeconds, time, now) {
  if (is_this) return [""];
  if (time === 0) return ["never"];
  // What is heard in time is not counted in seconds, so that the table stands still.
  return [now - time < 2 * freqSeconds + 2 ? timeElement(time, "just now") : ago(time, now)];
}

/**
 * @param {import("../node_stats.ts").NodeStats} node
 * @param {boolean} isWell
 * @param {number} now
 */
function state({ stands_back, troubles }, isWell, now) {
  if (isWell) return h("span.quiet", {}, "well");
  return h(
    "ul.notes",
    {},
    stands_back.length > 0 &&
      h("li", { key: "back" }, icon("warning"), `stands back: ${stands_back.join(", ")}`),
    ...troubles.map(({ kind, why, since: from }) =>
      h(
        "li",
        { key: kind },
        icon("warning"),
        h("span", {}, why, from > 0 && h("span.quiet", {}, " (for ", since(from, now), ")")),
      )
    ),
  );
}
