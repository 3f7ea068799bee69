import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";
import { namesOf } from "../base/option_row.ts";
import { options } from "./options.ts";
import { uwsgiNames } from "./uwsgi_names.ts";

const known = namesOf(options);

/** The option whose name resembles a name most, however little. */
export function closestOption(name: string): string {
  return closestString(name, known);
}

/**
 * The option that was probably meant by a name that is none: one that differs from it in at most a
 * quarter of its letters, case and the kind of dash aside. Undefined: there is none, as for most
 * placeholders, or the name is an option of uWSGI's.
 */
export function nearOption(name: string): string | undefined {
  if (uwsgiNames.has(name)) return undefined;
  const spelled = name.toLowerCase().replaceAll("_", "-");
  const closest = closestOption(spelled);
  const most = Math.floor(spelled.length / 4);
  return levenshteinDistance(spelled, closest) <= most ? closest : undefined;
}
