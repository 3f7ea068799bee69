import type { Probe } from "../base/check.ts";
import { probeCommand } from "./_probe_command.ts";
import { probeHttp } from "./_probe_http.ts";
import { probeTcp } from "./_probe_tcp.ts";

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
