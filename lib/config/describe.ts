import { kindOf } from "../base/action_kind.ts";
import { printable } from "../base/printable.ts";
import { formatAddress } from "./address.ts";
import type { Config, Hook, LegionConfig } from "./config.ts";
import type { ActionKinds } from "./hook.ts";
import { rowsOf } from "./option.ts";
import { legionOptions } from "./options.ts";
import { seconds } from "./_shown.ts";

/** A configuration in lines to read, for `--check-config`. Secrets are `***`. */
export function describeConfig(config: Config, kinds: ActionKinds): string {
  const { file, section, stats, statsHttp, passedOver, warnings } = config;
  const at = stats === undefined
    ? "a UNIX socket, where failover status asks by itself"
    : "path" in stats
    ? stats.path
    : formatAddress(stats.address);
  return [
    `${file}, section [${section}]`,
    ...config.legions.flatMap((legion) => describeLegion(legion, kinds)),
    "",
    `stats: ${at}${stats !== undefined && statsHttp ? ", as HTTP" : ""}`,
    ...passedOver.length > 0 ? [`passed over, for uWSGI alone: ${passedOver.join(", ")}`] : [],
    ...warnings.map((warning) => `warning: ${warning}`),
    "",
  ].map(printable).join("\n");
}

function describeLegion(legion: LegionConfig, kinds: ActionKinds): string[] {
  const { address, casting, valor, cipher, iv, hooks } = legion;
  const rank = valor === 0 ? "0: an arbiter, which votes and is never lord" : `${valor}`;
  const hookLimit = `each for at most ${seconds(legion.hookTimeoutMs)}`;
  return [
    "",
    `legion ${legion.name}`,
    line("address", `${formatAddress(address)}${casting === "unicast" ? "" : `, ${casting}`}`),
    line("valor", rank),
    line("cipher", `${cipher}, secret ***${iv === "" ? "" : ", IV ***"}`),
    line("voters", votersText(legion)),
    ...rowsOf(legionOptions).flatMap(([field, { shown }]) => {
      if (shown === "apart") return [];
      return [shown.text(legion[field], legion)].flat().map((text) => line(shown.label, text));
    }),
    ...hooks.length === 0
      ? [line("hooks", "none"), line("hook limit", hookLimit)]
      : [line("hooks", hookLimit)],
    ...hooks.flatMap((hook) => describeHook(hook, kinds)),
  ];
}

function votersText({ voters, node }: LegionConfig): string {
  if (voters.length === 0) return "not listed";
  const list = voters.map((voter) => voter === node ? `${voter} (this node)` : voter).join(", ");
  return `${voters.length}: ${list}${node === undefined ? "; this node is not known yet" : ""}`;
}

function describeHook({ event, action, line }: Hook, kinds: ActionKinds): string[] {
  const [first, ...more] = kindOf(action, kinds).describe(action.settings);
  return [`    line ${line}: ${event}: ${first}`, ...more.map((each) => `      ${each}`)];
}

function line(label: string, value: string): string {
  return `  ${label.padEnd(11)}${value}`;
}
