// Configurations in uWSGI's dialect, of this project's own wording.
import type { Configuration } from "./configuration.ts";
import { includes } from "./configurations/includes.ts";
import { logic } from "./configurations/logic.ts";
import { percent } from "./configurations/percent.ts";
import { references } from "./configurations/references.ts";
import { surroundings } from "./configurations/surroundings.ts";
import { values } from "./configurations/values.ts";

/** All configurations, each of which both programs read alike, or this one refuses. */
export const configurations: readonly Configuration[] = [
  ...values,
  ...surroundings,
  ...references,
  ...includes,
  ...logic,
  ...percent,
];
