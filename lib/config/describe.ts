import { maskedUrl, withMaskedUrls } from "../base/masked_url.ts";
import { printable } from "../base/printable.ts";
import { formatAddress } from "./address.ts";
import type { Check, CheckProbe } from "../base/check.ts";
import type { Config, Hook, HookAction, LegionConfig } from "./config.ts";

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
  const { casting, valor, cipher, iv, nodes, quorum, checks, scroll, hooks } = legion;
  const rank = valor === 0 ? "0: an arbiter, which votes and is never lord" : `${valor}`;
  const quorumIn = quorum === 0 ? "0: any number of votes will do" : `${quorum} votes`;
  const lordError = legion.deathOnLordErrorMs === 0
    ? "be lord all the same"
    : `stay out for ${seconds(legion.deathOnLordErrorMs)}`;
  return [
    "",
    `legion ${legion.name}`,
    row(
      "address",
      `${formatAddress(legion.address)}${casting === "unicast" ? "" : `, ${casting}`}`,
    ),
    row("valor", rank),
    row("cipher", `${cipher}, secret ***${iv === "" ? "" : ", IV ***"}`),
    ...legion.authSecret === undefined ? [] : [row("auth", "hmac-sha256, secret ***")],
    row("nodes", nodes.length === 0 ? "none" : nodes.map(formatAddress).join(", ")),
    row("quorum", quorumIn),
    row("lease", describeLease(legion)),
    row("failback", describeFailback(legion)),
    row("flapping", describeFlap(legion)),
    row("freq", `announce each ${seconds(legion.freqMs)}`),
    row("tolerance", `drop a node after ${seconds(legion.toleranceMs)} of silence`),
    row("clocks", `may differ by ${seconds(legion.skewToleranceMs)}`),
    row("lord error", lordError),
    ...checks.map(describeCheck),
    ...scroll === "" ? [] : [row("scroll", scroll)],
    row("hooks", hooks.length === 0 ? "none" : `each for at most ${seconds(legion.hookTimeoutMs)}`),
    ...hooks.flatMap(describeHook),
  ];
}

function describeLease({ lease, releaseMs }: LegionConfig): string {
  const release = releaseMs === 0 ? "" : `, release ${seconds(releaseMs)} before it ends`;
  switch (lease) {
    case "auto":
      return `auto: with a majority as quorum, and no uWSGI member${release}`;
    case "on":
      return `on: uWSGI members are ignored${release}`;
    case "off":
      return "off: two nodes may be lord at one instant";
  }
}

function describeFailback({ failback }: LegionConfig): string {
  switch (failback.kind) {
    case "immediate":
      return "immediate: a higher valor takes the title back at once";
    case "delay":
      return `after ${seconds(failback.delayMs)} as an arbiter`;
    case "manual":
      return "manual: an arbiter until `failover promote`";
  }
}

function describeFlap({ flap: { count, withinMs } }: LegionConfig): string {
  return `stay out when the title is lost more than ${count} times in ${seconds(withinMs)}`;
}

function describeCheck({ name, probe, intervalMs, timeoutMs, rise, fall }: Check): string {
  const often = `each ${seconds(intervalMs)} for at most ${seconds(timeoutMs)}`;
  return row("check", `${name}: ${describeProbe(probe)}, ${often}, rise ${rise}, fall ${fall}`);
}

function describeProbe(probe: CheckProbe): string {
  switch (probe.kind) {
    case "cmd":
      return `cmd=${withMaskedUrls(probe.written)}`;
    case "http":
      return `http=${maskedUrl(probe.url)}${probe.status === 0 ? "" : `, status ${probe.status}`}`;
    case "tcp":
      return `tcp=${formatAddress(probe.address)}`;
  }
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

function row(name: string, value: string): string {
  return `  ${name.padEnd(11)}${value}`;
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
