import type { HelpTopic } from "../base/help_topic.ts";

/** A finding about a node's legions that an operator should know of. */
export interface Finding {
  /** `critical`: the address is at risk; `warning`: worth a look. */
  readonly level: "critical" | "warning";
  /** The finding in plain words, with the legion's name where there are several. */
  readonly text: string;
  /** The topic that says what to do: `failover help TOPIC`. */
  readonly topic: HelpTopic;
}
