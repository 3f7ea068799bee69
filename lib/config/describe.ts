import { maskedUrl, withMaskedUrls } from "../base/masked_url.ts";
import { printable } from "../base/printable.ts";
import { formatAddress } from "./address.ts";
import type { Config, Hook, HookAction, LegionConfig } from "./config.ts";
import { rowsOf } from "./option.ts";
import { legionOptions } from "./options.ts";
import { seconds } from "./_shown.ts";

/** What a configuration says, in lines to read, for `--check-config`. Secrets are `***`. */
export function describeConfig(config: Config): string {
  const { file, section, stats, statsHttp, passedOver, warnings } = config;
  const at = stats === undefined
    ? "a UNIX socket, where failover status asks by itself"
    : "path" in stats
    ? stats.path
    : formatAddress(stats.address);
  return [
    `${file}, section [${section}]`,
    ...config.legions.flatMap(describeLegion),
    "",
    `stats: ${at}${stats !== undefined && statsHttp ? ", as HTTP" : ""}`,
    ...passedOver.length > 0 ? [`passed over, for uWSGI alone: ${passedOver.join(", ")}`] : [],
    ...warnings.map((warning) => `warning: ${warning}`),
    "",
  ].map(printable).join("\n");
}

function describeLegion(legion: LegionConfig): string[] {
  const { address, casting, valor, cipher, iv, hooks } = legion;
  const rank = valor === 0 ? "0: an arbiter, which votes and is never lord" : `${valor}`;
  const hookLimit = `each for at most ${seconds(legion.hookTimeoutMs)}`;
  return [
    "",
    `legion ${legion.name}`,
    line("address", `${formatAddress(address)}${casting === "unicast" ? "" : `, ${casting}`}`),
    line("valor", rank),
    line("cipher", `${cipher}, secret ***${iv === "" ? "" : ", IV ***"}`),
    ...rowsOf(legionOptions).flatMap(([field, { shown }]) => {
      if (shown === "apart") return [];
      return [shown.text(legion[field], legion)].flat().map((text) => line(shown.label, text));
    }),
    ...hooks.length === 0
      ? [line("hooks", "none"), line("hook limit", hookLimit)]
      : [line("hooks", hookLimit)],
    ...hooks.flatMap(describeHook),
  ];
}

function describeHook({ event, action, line }: Hook): string[] {
  const [first, ...more] = describeAction(action);
  return [`    line ${line}: ${event}: ${first}`, ...more.map((each) => `      ${each}`)];
}

function describeAction(action: HookAction): string[] {
  switch (action.kind) {
    case "cmd":
      return [`cmd:${withMaskedUrls(action.written)}`];
    case "log":
      return [`log:${withMaskedUrls(action.text)}`];
    case "hetzner-failoverip": {
      const { ip, activeServerIp, username, url, timeoutMs, deadlineMs } = action.failoverip;
      const { preflight, verifyMs, reclaim, ca, sslNoVerify } = action.failoverip;
      const elsewhere = reclaim ? "take it back" : "warn";
      return [
        `hetzner-failoverip: route ${ip} to ${activeServerIp}`,
        `by ${maskedUrl(url)}, user ${username}, password ***`,
        `${seconds(timeoutMs)} for a request, ${seconds(deadlineMs)} in all`,
        ...preflight ? ["look once at the start"] : [],
        ...verifyMs === 0 ? [] : [`look each ${seconds(verifyMs)} as lord and ${elsewhere}`],
        ...ca === undefined ? [] : [`trust ${ca}`],
        ...sslNoVerify ? ["do not verify the certificate"] : [],
      ];
    }
  }
}

function line(label: string, value: string): string {
  return `  ${label.padEnd(11)}${value}`;
}
