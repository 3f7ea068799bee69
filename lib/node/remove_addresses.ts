import { errorMessage } from "../base/error_message.ts";
import type { Config } from "../config/config.ts";
import { upheldOf } from "../hooks/registry.ts";
import type { Directories } from "./memory/directories.ts";
import { isRunning } from "./memory/is_running.ts";

/**
 * Removes what the lord hooks of a configuration have left on this machine, such as addresses, for
 * legions that no node runs here: after a crash nothing else does.
 *
 * @param tell takes a line on each thing that is removed, or cannot be
 * @returns whether everything is gone that is to go
 */
export async function removeAddresses(
  { legions }: Config,
  directories: Directories,
  tell: (line: string) => void,
): Promise<boolean> {
  let isDone = true;
  for (const { name: legion, address, hooks } of legions) {
    const things = hooks.flatMap(({ action }) => upheldOf(action) ?? []);
    if (things.length === 0) continue;
    if (isRunning({ legion, address, directories })) {
      tell(`${legion}: a node runs here, and looks after its addresses itself`);
      continue;
    }
    for (const thing of things) {
      try {
        if (await thing.undo(new AbortController().signal)) tell(`${thing.name}: removed`);
      } catch (error) {
        tell(`${thing.name} cannot be removed: ${errorMessage(error)}`);
        isDone = false;
      }
    }
  }
  return isDone;
}
