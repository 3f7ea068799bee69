import { linksAndClocks } from "./scenarios_links.ts";
import type { Scenario } from "./scenario.ts";
import { restarts } from "./scenarios_restarts.ts";
import { notLord } from "./scenarios_not_lord.ts";
import { unlike } from "./scenarios_unlike.ts";

/** All drills, in their order. */
export const scenarios: readonly Scenario[] = [
  ...linksAndClocks,
  ...restarts,
  ...notLord,
  ...unlike,
];
