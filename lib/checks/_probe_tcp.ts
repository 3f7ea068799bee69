import type { ProbeContext, ProbeResult } from "./probe.ts";
import { connectionFault, noAnswer } from "./_probe_output.ts";

/** Checks that a server takes a connection, which is closed at once. */
export async function probeTcp(
  { host, port }: { readonly host: string; readonly port: number },
  { timeoutMs, signal }: ProbeContext,
): Promise<ProbeResult> {
  const { connect } = await import("node:net");
  const { promise, resolve } = Promise.withResolvers<ProbeResult>();
  const socket = connect({ host, port });
  const fail = (output: string) => resolve({ ok: false, output });
  const timer = setTimeout(() => fail(noAnswer(timeoutMs)), timeoutMs);
  const cancel = () => fail("called off");
  signal.addEventListener("abort", cancel, { once: true });
  socket.once("connect", () => resolve({ ok: true, output: "connected" }));
  // Several errors may come: an unheard one would end the process.
  socket.on("error", (error) => fail(connectionFault(error)));
  if (signal.aborted) cancel();
  return await promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
    socket.destroy();
  });
}
