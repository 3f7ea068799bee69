import { formatAddress } from "../../config/address.ts";
import type { Config, LegionConfig } from "../../config/config.ts";
import { addressesIn } from "../../node/configuration.ts";
import { configHere } from "../config_here.ts";
import { defaultConfig } from "../default_config.ts";
import { shellWord } from "../quoted.ts";

/** A configuration that is there already, for whoever would have it written again. */
export interface ThereAlready {
  /** Whether a node can use it. */
  readonly isRight: boolean;
  /** The lines that say what it is for, or what is wrong, and what to type next. */
  readonly lines: readonly string[];
}

/**
 * Reads a configuration that is there already; nothing is changed.
 *
 * @param program the word that runs this program
 */
export function thereAlready(file: string, program: string): ThereAlready {
  const { config, trouble } = configHere(file);
  const command = (name: string) =>
    [program, name, ...file === defaultConfig ? [] : ["--config", file]].map(shellWord).join(" ");
  const next = config === undefined
    ? ["mend it, then ask whether it is right:", `  ${command("node")} --check-config`]
    : [
      "Ask what is missing here before a node runs, or whether all is well:",
      `  ${command("doctor")}`,
    ];
  return {
    isRight: config !== undefined,
    lines: [
      ...config === undefined ? [`it is not right: ${trouble}`] : about(config),
      "",
      ...next,
      "",
      "Or move it away, and have it written anew:",
      `  mv ${shellWord(file)} ${shellWord(`${file}.old`)}`,
      `  ${command("init")}`,
    ],
  };
}

function about(config: Config): string[] {
  const { legions, warnings } = config;
  return [
    ...legions.map((legion) => {
      const { name, address, valor, voters } = legion;
      const rank = valor === 0 ? "an arbiter" : `valor ${valor}`;
      const of = voters.length === 0 ? "" : `, of ${voters.length} nodes`;
      return `legion ${name}: this server is ${formatAddress(address)}, ${rank}${of}${
        moved(config, legion)
      }`;
    }),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
}

/** The addresses that a legion moves, as the end of a sentence. */
function moved(config: Config, { name }: LegionConfig): string {
  const ips = addressesIn(config).filter(({ legion }) => legion.name === name)
    .map(({ address }) => address.ip);
  return ips.length === 0 ? "" : `; it moves ${[...new Set(ips)].join(", ")}`;
}
