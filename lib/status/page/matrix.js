// @ts-check
import { h } from "./describe.js";

const marks = {
  hears: { sign: "✓", words: "hears it" },
  deaf: { sign: "✗", words: "does not hear it" },
  untold: { sign: "?", words: "does not tell" },
  itself: { sign: "·", words: "itself" },
};

/**
 * The matrix of who hears whom among the listed nodes, as each of them says: a row for each that
 * hears, a column for each that is heard. The columns have the numbers of the rows, so that twelve
 * fit a phone.
 *
 * @param {import("../report.ts").LegionStats} legion
 * @returns {import("./describe.js").Content}
 */
export function matrix({ roster = [] }) {
  const nodes = roster.filter(({ listed }) => listed);
  if (nodes.length < 2) return null;
  return h(
    "section.panel",
    {},
    h("h3", {}, "Who hears whom"),
    h(
      "div.wide",
      { tabindex: "0", role: "region", "aria-label": "who hears whom" },
      h(
        "table.matrix",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("td", {}),
            ...nodes.map((node, place) =>
              h(
                "th",
                { scope: "col", key: node.node, title: nameOf(node) },
                h("span", { "aria-hidden": "true" }, `${place + 1}`),
                h("span.hidden", {}, nameOf(node)),
              )
            ),
          ),
        ),
        h("tbody", {}, ...nodes.map((node, place) => row(node, place, nodes))),
      ),
    ),
    h("p.quiet.legend", {}, ...legend()),
  );
}

/**
 * @param {import("../node_stats.ts").NodeStats} node
 * @param {number} place
 * @param {readonly import("../node_stats.ts").NodeStats[]} nodes
 */
function row(node, place, nodes) {
  return h(
    "tr",
    { key: node.node },
    h(
      "th",
      { scope: "row", title: `${nameOf(node)} (${node.node})` },
      h("span.quiet.number", { "aria-hidden": "true" }, `${place + 1}`),
      h("span.name", {}, nameOf(node)),
    ),
    ...nodes.map((other) => {
      const kind = node === other
        ? "itself"
        : node.hears === null
        ? "untold"
        : node.hears.includes(other.node)
        ? "hears"
        : "deaf";
      const { sign, words } = marks[kind];
      const title = `${nameOf(node)} ${words}${kind === "itself" ? "" : `: ${nameOf(other)}`}`;
      return h(
        `td.${kind}`,
        { key: other.node, title },
        h("span", { "aria-hidden": "true" }, sign),
        h("span.hidden", {}, words),
      );
    }),
  );
}

/** @param {import("../node_stats.ts").NodeStats} node */
function nameOf({ name, node }) {
  return name === "" ? node : name;
}

function legend() {
  return [
    "The node of the row ",
    h("span.hears", {}, "✓"),
    " hears that of the column, ",
    h("span.deaf", {}, "✗"),
    " does not, ",
    h("span.untold", {}, "?"),
    " does not tell.",
  ];
}
