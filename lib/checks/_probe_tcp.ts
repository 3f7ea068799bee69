import { abortable } from "@std/async/abortable";
import { close } from "../base/close.ts";
import type { ProbeContext, ProbeResult } from "./probe.ts";
import { connectionFault, noAnswer } from "./_probe_output.ts";

/** Checks that a server takes a connection, which is closed at once. */
export async function probeTcp(
  { host: hostname, port }: { readonly host: string; readonly port: number },
  { timeoutMs, signal }: ProbeContext,
): Promise<ProbeResult> {
  const end = new AbortController();
  const cancel = () => end.abort();
  const timer = setTimeout(cancel, timeoutMs);
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    end.signal.throwIfAborted();
    const connecting = Deno.connect({ hostname, port, signal: end.signal });
    close(await abortable(connecting, end.signal));
    return { ok: true, output: "connected" };
  } catch (error) {
    const output = signal.aborted
      ? "called off"
      : end.signal.aborted
      ? noAnswer(timeoutMs)
      : connectionFault(error);
    return { ok: false, output };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
  }
}
