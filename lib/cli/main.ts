import { errorMessage } from "../base/error_message.ts";
import { ConfigError } from "../config/config_error.ts";
import { commands } from "./commands.ts";
import { exitStatus } from "./exit_status.ts";
import { find, overview } from "./help.ts";
import { printed, printError, printErrorLine } from "./print.ts";
import { UsageError } from "./usage_error.ts";
import { disarmUserSignals } from "./_user_signals.ts";

/**
 * Runs the subcommand that the command line names. Errors are printed, not thrown.
 *
 * @param args the arguments after the executable's name
 * @returns the exit status
 */
export async function main(args: readonly string[]): Promise<number> {
  disarmUserSignals();
  try {
    return await run(args);
  } catch (error) {
    if (error instanceof ConfigError) {
      printError(`${error.message}\n`);
      return exitStatus.usage;
    }
    if (error instanceof UsageError) {
      printErrorLine(`failover: ${error.message}`);
      for (const hint of error.hints) printErrorLine(hint);
      printErrorLine(`See: ${whereToLook(args)}`);
      return exitStatus.usage;
    }
    printErrorLine(`failover: ${errorMessage(error)}`);
    return exitStatus.failed;
  }
}

async function run([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined) {
    printError(overview());
    return exitStatus.usage;
  }
  if (name === "--help" || name === "-h") return await run(["help", ...args]);
  if (name === "--version") return await run(["version", ...args]);
  const { command } = await find(name).load();
  if (args.includes("--help") || args.includes("-h")) return printed(command.help);
  return await command.run(args);
}

function whereToLook([name]: readonly string[]): string {
  const there = name !== "help" && commands.some((command) => command.name === name);
  return there ? `failover help ${name}` : "failover help";
}
