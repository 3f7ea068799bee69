import { exitStatus } from "./exit_status.ts";
import { printed, printStyled } from "./print.ts";

/**
 * Prints a long text: on a terminal by the pager (`$PAGER`, else `less`), anywhere else as it is.
 *
 * @param text without foreign parts; on a terminal with colours
 * @returns the exit status
 */
export async function paged(text: string): Promise<number> {
  if (!Deno.stdout.isTerminal()) return printed(text);
  if (await shownByPager(text)) return exitStatus.done;
  return printStyled(text) ? exitStatus.done : exitStatus.failed;
}

/** Whether there is a pager, and it has shown the text. */
async function shownByPager(text: string): Promise<boolean> {
  const pager = Deno.env.get("PAGER") || "less";
  // As git sets it: end where it fits on the screen, show colours, and leave the text there.
  const env = { LESS: Deno.env.get("LESS") ?? "FRX" };
  try {
    const child = new Deno.Command("/bin/sh", { args: ["-c", pager], stdin: "piped", env }).spawn();
    const input = new Blob([text]).stream();
    // A reader that ends the pager before the end of the text has seen enough.
    await input.pipeTo(child.stdin).catch(() => {});
    // 127: the shell has found no such program.
    return (await child.status).code !== 127;
  } catch {
    return false;
  }
}
