import type { Stats } from "../status/report.ts";
import type { ControlReply, ControlRequest } from "./control_message.ts";

/** What can be asked of a legion's node. */
export interface Controlled {
  readonly name: string;
  drain(by: string, forMs: number): void;
  resume(by: string): boolean;
  /** Undefined, or why that cannot be. */
  promote(by: string): string | undefined;
}

/** Does what is asked for, at once. */
export function obey(
  request: ControlRequest,
  legions: readonly Controlled[],
  report: () => Stats,
): ControlReply {
  const { legion, by, forSeconds } = request;
  const meant = legions.filter(({ name }) => legion === undefined || name === legion);
  if (meant.length === 0) {
    const there = legions.map(({ name }) => name).join(", ");
    return { ok: false, error: `there is no legion ${legion}; there are: ${there}` };
  }
  switch (request.do) {
    case "status":
      break;
    case "drain":
      for (const each of meant) {
        each.drain(by, forSeconds === undefined ? Infinity : forSeconds * 1000);
      }
      break;
    case "resume":
      // To be no longer drained is what was asked for, and so it is.
      for (const each of meant) each.resume(by);
      break;
    case "promote": {
      const refusals = meant.map((each) => [each.name, each.promote(by)]);
      if (refusals.every(([, why]) => why !== undefined)) {
        return { ok: false, error: refusals.map(([name, why]) => `${name}: ${why}`).join("; ") };
      }
    }
  }
  return { ok: true, stats: report() };
}
