import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config_error.ts";
import { type NamedLegion, namedLegions } from "../config/load.ts";
import { readConfiguration } from "../node/configuration.ts";

/** A configuration, as far as this user can read it and it is right. */
export interface ConfigHere {
  /** The configuration; undefined: it cannot be used. */
  readonly config?: Config;
  /** The reason why it cannot be used, in one line; empty: it can. */
  readonly trouble: string;
  /** The legions that it is for, also where other lines are wrong; empty: they cannot be told. */
  readonly legions: readonly NamedLegion[];
}

/**
 * Reads a configuration that a command can do without.
 *
 * @param spec `FILE[:SECTION]`
 */
export function configHere(spec: string): ConfigHere {
  try {
    const config = readConfiguration(spec);
    return { config, trouble: "", legions: config.legions };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { trouble: error.message.replaceAll("\n", "; "), legions: namedLegions(spec) };
  }
}
