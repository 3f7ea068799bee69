import { probeCommand } from "./_probe_command.ts";
import { probeHttp } from "./_probe_http.ts";
import { probeTcp } from "./_probe_tcp.ts";

/** The question a check puts to the service. */
export type Probe =
  /** A shell command passes with exit status 0. */
  | { readonly kind: "cmd"; readonly command: string }
  /**
   * A GET passes with this status, or with any from 200 to 299 where `status` is 0; the certificates
   * in the file `ca` are trusted besides the system's.
   */
  | {
    readonly kind: "http";
    readonly url: string;
    readonly status: number;
    readonly ca?: string;
  }
  /** An address passes when it takes a TCP connection. */
  | { readonly kind: "tcp"; readonly address: { readonly host: string; readonly port: number } };

/** The circumstances of one probe. */
export interface ProbeContext {
  /** The legion's name. */
  readonly legion: string;
  /** The check's name. */
  readonly check: string;
  /** The time after which the probe has failed, in milliseconds. */
  readonly timeoutMs: number;
  /** Aborted when the result is no longer wanted. */
  readonly signal: AbortSignal;
}

/** The result of a probe. */
export interface ProbeResult {
  /** Whether the service passed. */
  readonly ok: boolean;
  /** The answer seen, in one line of at most 200 characters. */
  readonly output: string;
}

/** A probe that runs. */
export interface ProbeRun {
  /** Resolves at the timeout at the latest, or when the signal is aborted. Never rejects. */
  readonly result: Promise<ProbeResult>;
  /** Resolves when nothing of the probe runs any more: perhaps later, or never. */
  readonly over: Promise<unknown>;
}

/** Runs a probe once. */
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

/** A probe that is over with its result: closing a connection leaves nothing behind. */
function wholly(result: Promise<ProbeResult>): ProbeRun {
  return { result, over: result };
}
