import { within } from "../../base/within.ts";

/** The end of a tool of the system that was asked something. */
export type Said =
  | { readonly kind: "said"; readonly success: boolean; readonly out: string; readonly err: string }
  /** The tool is not installed, or this user may not run it. */
  | { readonly kind: "missing" }
  /** The tool did not answer in time. */
  | { readonly kind: "late" };

/** Runs a tool of the system, and returns what it says; never rejects. */
export type AskTool = (command: string, ...args: string[]) => Promise<Said>;

// The most that is read of a tool: none of them has more to say.
const mostBytes = 256 * 1024;

// How long the end of a tool that is killed may take, in milliseconds.
const endMs = 200;

// The folders of the system's tools, which cron leaves out.
const folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/**
 * Makes the function that asks the tools of this system.
 *
 * @param patienceMs the longest time that a tool may take, in milliseconds
 */
export function toolsHere(patienceMs: number): AskTool {
  const path = [Deno.env.get("PATH") ?? "", ...folders].filter((part) => part !== "").join(":");
  const env = { PATH: path, LC_ALL: "C", SYSTEMD_PAGER: "", NO_COLOR: "1" };
  return async (command, ...args) => {
    let child: Deno.ChildProcess;
    try {
      const io = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
      child = new Deno.Command(command, { args, env, ...io }).spawn();
    } catch {
      return { kind: "missing" };
    }
    let said: Said = { kind: "late" };
    const whole = Promise.all([textOf(child.stdout), textOf(child.stderr), child.status])
      .then(([out, err, { success }]) => {
        said = { kind: "said", success, out, err };
      });
    await within(whole, patienceMs).catch(() => {});
    if (said.kind !== "late") return said;
    end(child);
    await within(whole, endMs).catch(() => {});
    return { kind: "late" };
  };
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of stream) {
    // The rest is read and left out, or the tool would wait for ever.
    if (text.length < mostBytes) text += decoder.decode(piece, { stream: true });
  }
  return text;
}

function end(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // The child has ended by itself.
  }
}
