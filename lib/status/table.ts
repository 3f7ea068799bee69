import type { CheckStats } from "../base/check.ts";
import { isoSeconds } from "../base/iso_seconds.ts";
import { printableAll } from "../base/printable.ts";
import { ageText } from "./age_text.ts";
import { findings } from "./findings.ts";
import { matrixLines } from "./_matrix.ts";
import { nodeRows } from "./_node_rows.ts";
import type { AddressStats } from "./address_stats.ts";
import type { LegionState, LegionStats, Stats } from "./report.ts";
import { runningText } from "./running_text.ts";
import { sightText } from "./sight_text.ts";
import { plain, type TableStyle } from "./table_style.ts";
import { supportOf } from "./voters_up.ts";
import { hanging } from "../base/wrap.ts";

/**
 * Writes a node's stats for a person: findings first, then each legion.
 *
 * @param nowSeconds the wall clock, in seconds since 1970
 */
export function statsTable(
  stats: Stats,
  style: TableStyle = plain,
  nowSeconds = Date.now() / 1000,
): string {
  const shown = printableAll(stats);
  const { name, pid, version, uptime_seconds, legions } = shown;
  const wrong = findings(shown, nowSeconds).map(({ level, text, topic }) =>
    style[level](hanging(`${level}: ${text} (failover help ${topic})`, style.width, 2))
  );
  const node = hanging(
    `node ${name}, process ${pid}, version ${version}, up ${ageText(uptime_seconds)}`,
    style.width,
    2,
  );
  const about = legions.flatMap((legion) => legionLines(legion, style, nowSeconds));
  return [...wrong, node, ...about, ""].join("\n");
}

const described: Record<LegionState, string> = {
  listening: "is listening",
  follower: "is a follower",
  candidate: "is a candidate",
  "taking over": "is taking over",
  lord: "is the lord",
  "stands back": "stands back",
  stopping: "is stopping",
};

function legionLines(legion: LegionStats, style: TableStyle, nowSeconds: number): string[] {
  const line = (text: string) => hanging(`  ${text}`, style.width, 4);
  return [
    "",
    headLine(legion, style),
    line(votesText(legion)),
    line(guaranteeText(legion)),
    ...reignsTexts(legion, nowSeconds).map(line),
    ...nodeRows(legion, style, nowSeconds),
    ...matrixLines(legion, style.width),
    ...legion.checks.map((check) => {
      const text = line(checkText(check));
      return check.state === "passing" ? text : style.warning(text);
    }),
    ...legion.addresses.map((address) => line(addressText(address, legion, nowSeconds))),
    ...legion.running.map((hook) => line(`${hook.event} hook ${runningText(hook, nowSeconds)}`)),
    ...legion.hooks.map(({ event, action, line: number, result, seconds }) =>
      line(`${event} hook ${action} (line ${number}): ${result}, ${seconds.toFixed(1)} s`)
    ),
  ];
}

function headLine({ legion, state, why_not_lord }: LegionStats, style: TableStyle): string {
  const why = why_not_lord === "" ? "" : ` (${why_not_lord})`;
  const about = `: this node ${described[state]}${why}`;
  const broken = hanging(`legion ${legion}${about}`, style.width, 2).slice(
    `legion ${legion}`.length,
  );
  const told = state === "lord" ? broken.replace("the lord", style.good("the lord")) : broken;
  return style.bold(`legion ${legion}`) + told;
}

function votesText(legion: LegionStats): string {
  const { quorum, votes, freq_seconds, tolerance_seconds } = legion;
  const { up, listed } = supportOf(legion);
  const there = listed === undefined ? `${up} present` : `${up} of ${listed} nodes up`;
  return `${there}, quorum ${quorum}, votes ${votes}; freq ${freq_seconds} s, ` +
    `tolerance ${tolerance_seconds} s`;
}

function guaranteeText({ guarantee, guarantee_why, lease_seconds }: LegionStats): string {
  const why = guarantee_why === "" ? "" : ` (${guarantee_why})`;
  const left = lease_seconds === 0 ? "" : `, this node's lasts ${lease_seconds.toFixed(1)} s`;
  return `guarantee ${guarantee}${why}${left}`;
}

// The reigns before the present one that are told.
const formerReigns = 3;

/** Who has been lord lately, the latest first. */
function reignsTexts({ reigns, transitions }: LegionStats, nowSeconds: number): string[] {
  const told = reigns.slice(-1 - formerReigns).map(({ lord, since }, index, all) => {
    const untilSeconds = all.at(index + 1)?.since ?? nowSeconds;
    return { lord, seconds: untilSeconds - since };
  }).filter(({ lord, seconds }, index, all) =>
    lord !== "" || seconds >= 1 || index === all.length - 1
  )
    .map(({ lord, seconds }) => ({ lord: lord === "" ? "nobody" : lord, age: ageText(seconds) }))
    .reverse();
  if (told.length === 0) return [];
  const [now, ...before] = told;
  const earlier = before.map(({ lord, age }) => `${lord} (${age})`).join(", ");
  const changes = transitions > 1 ? `; ${transitions} changes since the start` : "";
  return [
    `lord: ${now.lord} for ${now.age}${earlier === "" ? "" : `; before: ${earlier}`}${changes}`,
  ];
}

function checkText({ name, kind, state, output, since }: CheckStats): string {
  const said = output === "" ? "" : ` (${output})`;
  return `check ${name}, ${kind}: ${state} since ${isoSeconds(since)}${said}`;
}

function addressText(address: AddressStats, { name }: LegionStats, nowSeconds: number): string {
  const { problem } = address;
  return `${sightText(address, { name }, nowSeconds)}${problem === "" ? "" : ` (${problem})`}`;
}
