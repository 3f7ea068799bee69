import { join } from "node:path";
import { command } from "./_command.ts";
import { ownTarget, type Target } from "./_targets.ts";

/**
 * The Deno to put in for a machine: the one that runs this, or its version for another machine, as
 * its makers publish it on npm; npm checks it against the hash of the registry.
 *
 * @param folder a folder for the download
 * @throws Error with what npm or tar said
 */
export async function denoFor(target: Target, folder: string): Promise<string> {
  if (target === ownTarget) return Deno.execPath();
  const wanted = `${target.npm}@${Deno.version.deno}`;
  const file = (await command("npm", ["pack", "--loglevel=error", wanted], { cwd: folder })).trim();
  await command("tar", ["-xzf", file, "package/deno"], { cwd: folder });
  return join(folder, "package/deno");
}
