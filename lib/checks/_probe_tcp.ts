import { abortable } from "@std/async/abortable";
import { close } from "../base/close.ts";
import { inTime } from "./_in_time.ts";
import type { ProbeContext, ProbeResult } from "./probe.ts";
import { connectionFault, noAnswer } from "./_probe_output.ts";

/** Checks that a server takes a connection, which is closed at once. */
export function probeTcp(
  { host: hostname, port }: { readonly host: string; readonly port: number },
  context: ProbeContext,
): Promise<ProbeResult> {
  return inTime(context, async (signal) => {
    close(await abortable(Deno.connect({ hostname, port, signal }), signal));
    return "connected";
  }, { late: () => noAnswer(context.timeoutMs), failed: connectionFault });
}
