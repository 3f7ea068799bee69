import type { Address } from "../../base/address.ts";
import type { ParsedOptions } from "../options.ts";
import type { FailoverPlan } from "./_plan.ts";

/** The facts that a provider's part of the plan is made of, besides the options. */
export interface ProviderSurroundings {
  /** The server that the configuration is for. */
  readonly me: Address;
  /** The own addresses of all nodes. */
  readonly nodes: readonly Address[];
  /** The path of the file with the password, or whatever the provider wants to see. */
  readonly keyFile: string;
  /** Whether a missing value can be asked for at a terminal. */
  readonly canAsk: boolean;
}

/** The parts of `failover init` that differ from provider to provider. */
export interface InitProvider {
  /** The options that choose it. */
  readonly flags: readonly string[];
  /** The option for the file with the password or the like, and how its name ends by default. */
  readonly keyFile: { readonly option: string; readonly ending: string };
  /** The names of the options without which no server can have the address. */
  readonly needed: readonly string[];
  /** The same options with values that could be, for messages. */
  readonly example: readonly string[];
  /** The options in the command for another server, where this one knows none of their values. */
  readonly placeholders: readonly string[];
  /** The names of the options that are for other providers. */
  readonly foreign: readonly string[];
  /** Its name in a sentence, after "for" or "with". */
  readonly title: string;

  /**
   * The move of the failover address to this server.
   *
   * @throws UsageError when an option is wrong, or something is missing and nobody can be asked
   */
  failover(options: ParsedOptions, surroundings: ProviderSurroundings): FailoverPlan;
}
