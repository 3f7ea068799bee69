import deno from "../../deno.json" with { type: "json" };
import type { Command } from "./command.ts";
import { exitStatus } from "./exit_status.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { print } from "./print.ts";

/** The version of this program. */
export const version: string = deno.version;

/** `failover version` */
export const command: Command = {
  help: `failover version

Shows the version.

Examples:
  failover version
`,
  run(args) {
    expectNothing(parseOptions(args, command.help).rest);
    print(`failover ${version}\n`);
    return Promise.resolve(exitStatus.done);
  },
};
