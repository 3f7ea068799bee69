import type { Address } from "../../base/address.ts";
import { isNetAddress } from "../../base/ip_address.ts";
import { hanging, wrapped } from "../../base/wrap.ts";
import { putHereCommands } from "../../base/put_here_commands.ts";
import { defaultConfig } from "../default_config.ts";
import { type InitPlan, nodesOf } from "./_plan.ts";
import { quoted, shellWord } from "../quoted.ts";

/** The files and options to bring to the other servers. */
export interface InitPlaces {
  /** The word that runs the program: its path, or its name where that is enough. */
  readonly program: string;
  /** Whether the program is one file, which can be copied. */
  readonly copyable: boolean;
  /** The path of the configuration. */
  readonly configFile: string;
  /** The options that are the same at the other servers, such as `--port 2001`. */
  readonly options: readonly string[];
  /** Whether the others have been set up from another server, whose secret this one got. */
  readonly isFollowing: boolean;
  /** Whether systemd has a unit that runs a node with this configuration. */
  readonly hasUnit: boolean;
}

// The width of a terminal, in characters, and the spaces before a command.
const columns = 80;
const indent = 3;

/** The steps to take once this server's configuration is written, in words and commands. */
export function nextSteps(plan: InitPlan, places: InitPlaces): string {
  const others = nodesOf(plan).filter((node) => node !== plan.me);
  const { copyable, isFollowing } = places;
  const ip = plan.failover?.ip;
  const each = isFollowing ? "Here" : "At each";
  const server = isFollowing ? "Here" : "At each server that may be lord";
  const reboot = "also after a reboot (how: failover help start)";
  const steps = [
    ...isFollowing ? [] : [[
      `The same at the other servers${copyable ? "" : ", once failover is installed there"}:`,
      ...others.flatMap((node) => bring(plan, places, node)),
    ]],
    ...ip === undefined ? [] : [[
      isNetAddress(ip)
        ? `${server}, of the failover subnet the address that your services have (here the one ` +
          `with 2 at the end), or all of them (the second line), ${reboot}:`
        : `${server}, the failover address on an interface, ${reboot}:`,
      ...putHereCommands(ip),
    ]],
    [
      `${each}, let the port through from the others and from nowhere else, ${reboot}:`,
      ...firewall(plan),
    ],
    running(each, places),
  ];
  return steps.map(([what, ...lines], index) => {
    const commands = lines.flatMap(continued).map((line) => `${" ".repeat(indent)}${line}\n`);
    return `${hanging(`${index + 1}. ${what}`, columns, indent)}\n\n${commands.join("")}`;
  }).join("\n");
}

/** The words and commands of the last step. */
function running(each: string, { program, configFile, hasUnit }: InitPlaces): string[] {
  const config = configFile === defaultConfig ? [] : ["--config", configFile];
  if (hasUnit) {
    return [
      `${each}, start a node, and ask what is wrong, and which command mends it:`,
      "systemctl start failover",
      line([program, "doctor", ...config]),
    ];
  }
  return [
    `${each}, ask whether it is right, and run a node (under systemd: failover help start):`,
    line([program, "node", "--check-config", ...config]),
    line([program, "node", ...config]),
  ];
}

/** A command in as many lines as a terminal needs, each but the last with a backslash at its end. */
function continued(command: string): string[] {
  // Between quotes a backslash may be one of the text.
  if (/['"]/.test(command)) return [command];
  // An option stays beside its value.
  const kept = command.replaceAll(/(?<= --[\w-]+) (?!--)/g, "\u00a0");
  const lines = wrapped(kept, columns - indent - " \\".length, 2)
    .map((line) => line.replaceAll("\u00a0", " "));
  return lines.map((line, index) => index < lines.length - 1 ? `${line} \\` : line);
}

/** The commands that bring the set-up to one of the other servers. */
function bring(plan: InitPlan, places: InitPlaces, node: Address): string[] {
  const { program, copyable, options } = places;
  const { secretFile, provider, failover, servers, arbiters } = plan;
  const login = `root@${node.host}`;
  const votesOnly = arbiters.includes(node);
  const files = [
    ...copyable ? [program] : [],
    secretFile,
    ...failover === undefined || votesOnly ? [] : [failover.key.file],
  ];
  const init = line([
    program,
    "init",
    "--addresses",
    list(servers),
    ...arbiters.length === 0 ? [] : ["--arbiters", list(arbiters)],
    "--me",
    node.host,
    ...votesOnly ? [] : failover?.optionsAt(node) ?? provider.placeholders,
    "--secret-file",
    secretFile,
    ...options,
  ]);
  return [
    ...copies(files, `root@${node.host.includes(":") ? `[${node.host}]` : node.host}`),
    `ssh ${login} ${/['"\\$`]/.test(init) ? quoted(init) : init}`,
  ];
}

/** One command per folder. `-p` keeps the mode: secrets stay readable for their user alone. */
function copies(files: readonly string[], login: string): string[] {
  const folders = Map.groupBy(files, (file) => file.slice(0, file.lastIndexOf("/") + 1));
  return [...folders].map(([folder, files]) => line(["scp", "-p", ...files, `${login}:${folder}`]));
}

function firewall(plan: InitPlan): string[] {
  const nodes = nodesOf(plan);
  const family = plan.me.host.includes(":") ? "ip6" : "ip";
  const from = nodes.map(({ host }) => host).join(", ");
  const rule = "nft insert rule inet filter input";
  return [
    // These two change nothing where table and chain exist, as by Debian's /etc/nftables.conf.
    "nft add table inet filter",
    "nft add chain inet filter input '{ type filter hook input priority 0; }'",
    `${rule} udp dport ${plan.me.port} drop`,
    `${rule} ${family} saddr { ${from} } udp dport ${plan.me.port} accept`,
  ];
}

function list(addresses: readonly Address[]): string {
  return addresses.map(({ host }) => host).join(",");
}

function line(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}
