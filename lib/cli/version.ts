import deno from "../../deno.json" with { type: "json" };
import type { Command } from "./command.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { printed } from "./print.ts";
import { ownBuild } from "./self.ts";

/** The version of this program. */
export const version: string = deno.version;

/** `failover version` */
export const command: Command = {
  help: `failover version

Shows the version; of an executable also the commit it was built from, and when.

Examples:
  failover version
`,
  run(args) {
    expectNothing(parseOptions(args, command.help).rest);
    const build = ownBuild();
    const made = build === undefined ? "" : ` (commit ${build.commit}, built ${build.builtAt})`;
    return Promise.resolve(printed(`failover ${version}${made}\n`));
  },
};
