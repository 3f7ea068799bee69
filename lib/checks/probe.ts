import { probeCommand } from "./_probe_command.ts";
import { probeHttp } from "./_probe_http.ts";
import { probeTcp } from "./_probe_tcp.ts";

/** What a check of the service asks. */
export type Probe =
  /** A shell command: exit status 0. */
  | { readonly kind: "cmd"; readonly command: string }
  /** A GET: this status, or any from 200 to 299 where it is 0. */
  | { readonly kind: "http"; readonly url: string; readonly status: number }
  /** Whether a connection is taken. */
  | { readonly kind: "tcp"; readonly address: { readonly host: string; readonly port: number } };

/** What a probe is told. */
export interface ProbeContext {
  /** The names of the legion and of the check. */
  readonly legion: string;
  readonly check: string;
  /** After which it has failed. */
  readonly timeoutMs: number;
  /** Aborted when nobody wants to know any more. */
  readonly signal: AbortSignal;
}

/** What came of a probe. */
export interface ProbeResult {
  readonly ok: boolean;
  /** What was seen, in one line of at most 200 characters. */
  readonly output: string;
}

/** A probe that runs. */
export interface ProbeRun {
  /** Comes at the timeout at the latest, or when the signal is aborted. Never rejects. */
  readonly result: Promise<ProbeResult>;
  /** Resolves when nothing of it runs any more; that may be later, or never. */
  readonly over: Promise<unknown>;
}

/** Asks once. */
export function probe(probe: Probe, context: ProbeContext): ProbeRun {
  switch (probe.kind) {
    case "cmd":
      return probeCommand(probe.command, context);
    case "http":
      return wholly(probeHttp(probe, context));
    case "tcp":
      return wholly(probeTcp(probe.address, context));
  }
}

/** A connection is gone as soon as it is closed. */
function wholly(result: Promise<ProbeResult>): ProbeRun {
  return { result, over: result };
}
