import type { Build } from "../lib/cli/self.ts";

/**
 * The facts of a build: this checkout's commit, and the time, now or SOURCE_DATE_EPOCH (seconds
 * since 1970). With the latter the same source gives the same executable.
 */
export async function ownBuild(): Promise<Build> {
  const epoch = Deno.env.get("SOURCE_DATE_EPOCH");
  const built = epoch === undefined ? new Date() : new Date(Number(epoch) * 1000);
  return { commit: await commit(), builtAt: built.toISOString().replace(/\.\d+Z$/, "Z") };
}

async function commit(): Promise<string> {
  const id = await git("rev-parse", "--short=12", "HEAD");
  if (id === undefined) return "unknown";
  return await git("status", "--porcelain") === "" ? id : `${id}+`;
}

/** The output of git; undefined where there is no git, or no repository. */
async function git(...args: string[]): Promise<string | undefined> {
  try {
    const cwd = new URL("../", import.meta.url);
    const { success, stdout } = await new Deno.Command("git", { args, cwd, stderr: "null" })
      .output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
