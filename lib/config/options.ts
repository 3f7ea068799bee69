// One row an option: its names and meaning, the way it is read, the field it fills, the form that
// `--check-config` shows, and whether a reload takes it. To add an option, add a row and use it.
import { parseWhole } from "../base/number.ts";
import { hookOptions } from "./hook_options.ts";
import { legionOptions, membershipOptions } from "./legion_options.ts";
import { nodeOptions } from "./node_options.ts";
import { global, type OptionRow } from "./option.ts";

/** Options of uWSGI's that mean nothing here, and are read only so that mistakes in them show. */
export const unusedOptions = {
  scrollListMaxSize: global({
    name: "legion-scroll-list-max-size",
    form: "N",
    help: "an option of uWSGI's that means nothing here",
    example: "legion-scroll-list-max-size = 32768",
    read: parseWhole,
    leadingNumber: true,
    shown: "apart",
    reload: "in place",
  }),
};

/** All options there are, in the order of the manual. */
export const options: readonly OptionRow[] = [
  ...membershipOptions,
  ...Object.values(legionOptions),
  ...hookOptions,
  ...Object.values(unusedOptions),
  ...Object.values(nodeOptions),
];

/** The option with that name or alias; undefined: there is none. */
export function findOption(name: string): OptionRow | undefined {
  return options.find((row) => row.name === name || row.aliases?.includes(name));
}
