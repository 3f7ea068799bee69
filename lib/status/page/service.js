// @ts-check
import { h } from "./describe.js";
import { icon } from "./icons.js";
import { ago, duration, since } from "./times.js";

/**
 * The hooks that run now: since when, and what keeps them.
 *
 * @param {readonly import("../report.ts").RunningHookStats[]} running
 * @param {number} now the time by the node's clock, in seconds since 1970
 * @returns {import("./describe.js").Content[]}
 */
export function runningHooks(running, now) {
  return running.map((hook) => {
    const { event, action, line, attempts, last_error } = hook;
    return h(
      "p.running.note",
      { key: `${line}` },
      `The ${event} hook ${action} (line ${line}) runs for `,
      since(hook.since, now),
      attempts > 0 && `; ${attempts} ${attempts === 1 ? "request" : "requests"} sent`,
      last_error !== "" && `; last error: ${last_error}`,
    );
  });
}

/**
 * The checks and hooks of this node, and the datagrams that it has dropped.
 *
 * @param {import("../report.ts").LegionStats} legion
 * @param {number} now the time by the node's clock, in seconds since 1970
 * @returns {import("./describe.js").Content}
 */
export function service({ checks = [], hooks, dropped, memory_trouble }, now) {
  const drops = Object.entries(dropped).filter(([, { count }]) => count > 0);
  const items = [
    ...checks.map((check) => checkItem(check, now)),
    ...hooks.map((hook) => hookItem(hook, now)),
    ...drops.map(([reason, drop]) => dropItem(reason, drop)),
    memory_trouble && item("memory", "", "memory", false, memory_trouble),
  ].filter((item) => item);
  if (items.length === 0) return null;
  return h("section.panel", {}, h("h3", {}, "This node"), h("ul.list.service", {}, ...items));
}

/**
 * @param {import("../../base/check.ts").CheckStats} check
 * @param {number} now
 */
function checkItem({ name, kind, state, output, since: from }, now) {
  return item(
    `check ${name}`,
    "check ",
    name,
    state === "passing",
    `${kind}: ${state} for `,
    since(from, now),
    output !== "" && h("span.output", {}, output),
  );
}

/**
 * @param {import("../report.ts").HookStats} hook
 * @param {number} now
 */
function hookItem({ event, action, line, result, seconds, time }, now) {
  return item(
    `hook ${line} ${event}`,
    `${event} hook `,
    action,
    result === "ok",
    `line ${line}: ${result}, took ${duration(seconds)}, `,
    ago(time, now),
  );
}

/**
 * @param {string} reason
 * @param {import("../report.ts").DropStats} drop
 */
function dropItem(reason, { count, last_seconds_ago }) {
  const last = last_seconds_ago < 5 ? "just now" : `${duration(Math.floor(last_seconds_ago))} ago`;
  return item(`drop ${reason}`, "dropped ", reason, true, `${count} datagrams, the last ${last}`);
}

/**
 * @param {string} key
 * @param {string} kind
 * @param {string} name
 * @param {boolean} isWell
 * @param {...import("./describe.js").Content} told
 */
function item(key, kind, name, isWell, ...told) {
  return h(
    "li",
    { key },
    h("p", {}, h("span.quiet", {}, kind), h("strong.name", {}, name)),
    h("p.notes", {}, isWell ? null : icon("warning"), h("span", {}, ...told)),
  );
}
