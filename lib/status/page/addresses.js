// @ts-check
import { h } from "./describe.js";
import { icon } from "./icons.js";
import { ago } from "./times.js";

/**
 * A card for each failover address: where it points, when and by whom that was seen.
 *
 * @param {import("../report.ts").LegionStats} legion
 * @param {number} now the time by the node's clock, in seconds since 1970
 * @returns {import("./describe.js").Content}
 */
export function addressCards(legion, now) {
  if (legion.addresses.length === 0) return null;
  return h(
    "ul.cards",
    { "aria-label": "failover addresses" },
    ...legion.addresses.map((address) => card(address, legion, now)),
  );
}

/**
 * @param {import("../address_stats.ts").AddressStats} address
 * @param {import("../report.ts").LegionStats} legion
 * @param {number} now
 */
function card(address, legion, now) {
  const { ip, wanted, provider, seen, seen_by = "", taken_over_by = "", problem } = address;
  // A node of an older version tells it as active_server_ip alone.
  const to = address.points_to ?? address.active_server_ip;
  const isElsewhere = legion.state === "lord" && seen > 0 && to !== wanted;
  const isLeft = legion.lords.length === 0;
  const isDoubtful = seen === 0 || taken_over_by !== "" || problem !== "" || isLeft;
  const look = isElsewhere ? "critical" : isDoubtful ? "unknown" : "good";
  const alt = isElsewhere ? "elsewhere" : isDoubtful ? "in doubt" : "";
  const takeovers = (legion.takeovers ?? []).find((each) => each.ip === ip);
  return h(
    "li.panel.card",
    { key: ip },
    h("h3", {}, h("span.number", {}, ip), icon(look, alt)),
    h(
      `p.where${isElsewhere ? ".critical" : ""}`,
      {},
      ...seen === 0
        ? ["not seen yet"]
        : to === null
        ? ["points nowhere"]
        : ["points to ", h("strong.number", {}, to), ...nameOf(to, legion)],
    ),
    isElsewhere && h("p", {}, "is to point to ", h("strong.number", {}, wanted), ", here"),
    seen > 0 &&
      h("p.quiet", {}, "seen ", ago(seen, now), seen_by && " by ", h("span.name", {}, seen_by)),
    taken_over_by !== "" &&
      h(
        "p.note",
        {},
        h("span.name", {}, taken_over_by),
        " became lord after that: it may point elsewhere now",
      ),
    isLeft && h("p.note", {}, "there is no lord, so no node looks after it"),
    problem !== "" && h("p.note", {}, problem),
    h("p.quiet", {}, moverText(provider), takeovers && `; ${takeoversText(takeovers)}`),
  );
}

/**
 * The name of the node that has an address, if one is listed with it.
 *
 * @param {string} ip
 * @param {import("../report.ts").LegionStats} legion
 * @returns {import("./describe.js").Content[]}
 */
function nameOf(ip, { roster = [] }) {
  const node = roster.find(({ node }) => node.replace(/:\d+$/, "").replace(/^\[|\]$/g, "") === ip);
  return node === undefined || node.name === "" ? [] : [", ", h("span.name", {}, node.name)];
}

/** @param {string} provider as `AddressStats` of address_stats.ts has it */
function moverText(provider) {
  return provider === "device" ? "on a device of the lord's" : `moved by ${provider}`;
}

/** @param {import("../address_stats.ts").TakeoverStats} takeovers */
function takeoversText({ begun, outcomes }) {
  const ends = Object.entries(outcomes).filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`);
  const how = ends.length === 0 ? "" : ` (${ends.join(", ")})`;
  return `${begun} ${begun === 1 ? "takeover" : "takeovers"} since the start${how}`;
}
