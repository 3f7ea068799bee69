import { kindOf } from "../base/action_kind.ts";
import { placeIn } from "../base/place.ts";
import { printable } from "../base/printable.ts";
import { hanging } from "../base/wrap.ts";
import { formatAddress } from "./address.ts";
import type { Config, Hook, LegionConfig } from "./config.ts";
import type { ActionKinds } from "./hook.ts";
import { nodeOptions } from "./node_options.ts";
import { type OptionRow, rowsOf } from "./option.ts";
import { legionOptions, membershipOptions } from "./legion_options.ts";
import { type Origin, originsOfOption, originText } from "./origin.ts";
import { seconds } from "./_shown.ts";

// The column of a legion's values, behind their labels.
const valueColumn = 13;

/**
 * A configuration in lines to read, for `--check-config`. Secrets are `***`.
 *
 * @param columns the width at which lines are broken between words, in characters; Infinity: never
 */
export function describeConfig(config: Config, kinds: ActionKinds, columns: number): string {
  const { file, files, section, stats, statsHttp, passedOver, warnings } = config;
  const more = files.slice(1);
  const at = stats === undefined
    ? "a UNIX socket, where failover status asks by itself"
    : "path" in stats
    ? stats.path
    : formatAddress(stats.address);
  return [
    `${file}, section [${section}]${more.length === 0 ? "" : `, with ${more.join(", ")}`}`,
    ...config.legions.flatMap((legion) => describeLegion(legion, { config, kinds })),
    "",
    `stats: ${at}${stats !== undefined && statsHttp ? ", as HTTP" : ""}` +
    from(config, [nodeOptions.stats, ...stats === undefined ? [] : [nodeOptions.statsHttp]]),
    ...passedOver.length > 0 ? [`passed over, for uWSGI alone: ${passedOver.join(", ")}`] : [],
    ...warnings.map((warning) => `warning: ${warning}`),
    "",
  ].map((line) => hanging(printable(line), columns, hangOf(line))).join("\n");
}

/** The indent of a line's further lines: below the value, where the line has a label. */
function hangOf(line: string): number {
  const indent = line.search(/\S/);
  return indent === 2 ? valueColumn : Math.max(indent, 0) + 2;
}

/** A configuration, with the kinds of actions that it was read with. */
interface Described {
  readonly config: Config;
  readonly kinds: ActionKinds;
}

function describeLegion(legion: LegionConfig, described: Described): string[] {
  const { config } = described;
  const { name, address, casting, valor, cipher, iv, hooks } = legion;
  const own = from(config, membershipOptions, name);
  const rank = valor === 0 ? "0: an arbiter, which votes and is never lord" : `${valor}`;
  const limit = from(config, [legionOptions.hookTimeoutMs]);
  const hookLimit = `each for at most ${seconds(legion.hookTimeoutMs)}`;
  return [
    "",
    `legion ${legion.name}`,
    line(
      "address",
      `${formatAddress(address)}${casting === "unicast" ? "" : `, ${casting}`}${own}`,
    ),
    line("valor", `${rank}${own}`),
    line("cipher", `${cipher}, secret ***${iv === "" ? "" : ", IV ***"}${own}`),
    line("voters", votersText(legion)),
    ...rowsOf(legionOptions).flatMap(([field, row]) => {
      const { shown } = row;
      if (shown === "apart") return [];
      const texts = [shown.text(legion[field], legion)].flat();
      const origins = originsOfOption(config.origins, { row, legion: name });
      return texts.map((text, index) => {
        const its = texts.length === origins.length ? [origins[index]] : origins;
        return line(shown.label, `${text}${inWords(config, its)}`);
      });
    }),
    ...hooks.length === 0
      ? [line("hooks", "none"), line("hook limit", `${hookLimit}${limit}`)]
      : [line("hooks", `${hookLimit}${limit}`)],
    ...hooks.flatMap((hook) => describeHook(hook, described)),
  ];
}

function votersText({ voters, node }: LegionConfig): string {
  if (voters.length === 0) return "not listed";
  const list = voters.map((voter) => voter === node ? `${voter} (this node)` : voter).join(", ");
  return `${voters.length}: ${list}${node === undefined ? "; this node is not known yet" : ""}`;
}

function describeHook(hook: Hook, { config, kinds }: Described): string[] {
  const { event, action } = hook;
  const [first, ...more] = kindOf(action, kinds).describe(action.settings);
  const origin = config.origins.find(({ file, line, option }) =>
    file === hook.file && line === hook.line && option === `legion-${event}`
  );
  const place = origin === undefined ? placeIn(config.file, hook) : originText(origin, config.file);
  return [`    ${place}: ${event}: ${first}`, ...more.map((each) => `      ${each}`)];
}

/** The places of the lines that options come from, in parentheses; empty where there are none. */
function from(config: Config, rows: readonly OptionRow[], legion?: string): string {
  return inWords(config, rows.flatMap((row) => originsOfOption(config.origins, { row, legion })));
}

function inWords({ file }: Config, origins: readonly Origin[]): string {
  if (origins.length === 0) return "";
  return `  (${[...new Set(origins.map((origin) => originText(origin, file)))].join("; ")})`;
}

function line(label: string, value: string): string {
  return `  ${label}`.padEnd(valueColumn) + value;
}
