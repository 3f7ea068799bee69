import type { Notes } from "../../lib/legion/notes.ts";
import { legionOptions } from "./legion_options.ts";

/** The notes of a node of {@link legionOptions} that is no lord and supports nobody. */
export function noted(changed: Partial<Notes>): Notes {
  const { name, node, valor, voters, quorum } = legionOptions({});
  return {
    name,
    node,
    configuredValor: valor,
    valor,
    uuid: "before".padEnd(36, "0"),
    seq: 1_000,
    lordship: "none",
    voters,
    quorum,
    configs: [],
    doubles: [],
    lostMs: [],
    ...changed,
  };
}
