import type { Stats } from "../status/report.ts";
import type { ControlReply, ControlRequest } from "./control_message.ts";

/** The node of one legion, as far as it takes orders. */
export interface Controlled {
  /** The legion's name. */
  readonly name: string;
  /** The address that the node listens on in it, `host:port` in its normal form. */
  readonly address: string;
  /** Keeps the node from being lord for `forMs` milliseconds; Infinity: until resumed. */
  drain(by: string, forMs: number): void;
  /** Ends a drain; false: there was none. */
  resume(by: string): boolean;
  /**
   * Lets a node that holds back take its own valor; the result is the reason why not, or undefined.
   */
  promote(by: string): string | undefined;
}

/**
 * Carries out a request at once; the reply has the status after it. A restart is no matter of the
 * legions: the node begins it once the reply has been written. So are a retry and a look, which take
 * their time.
 */
export function obey(
  request: ControlRequest,
  legions: readonly Controlled[],
  report: () => Stats,
): ControlReply {
  const { legion, by, forSeconds } = request;
  const stranger = whyNotMeant(request, legions);
  if (stranger !== undefined) return { ok: false, error: stranger };
  const meant = legions.filter(({ name }) => legion === undefined || name === legion);
  if (meant.length === 0) {
    const there = legions.map(({ name }) => name).join(", ");
    return { ok: false, error: `there is no legion ${legion}; there are: ${there}` };
  }
  switch (request.do) {
    case "status":
    case "restart":
    case "retry":
    case "look":
      break;
    case "drain":
      for (const each of meant) {
        each.drain(by, forSeconds === undefined ? Infinity : forSeconds * 1000);
      }
      break;
    case "resume":
      // A node that is not drained is what was asked for, so nothing is refused.
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

/**
 * The reason why an order is for another node; undefined: it is for this one. The sockets of a node
 * are another's once that has taken its address.
 */
export function whyNotMeant(
  { to }: Pick<ControlRequest, "to">,
  legions: readonly Pick<Controlled, "name" | "address">[],
): string | undefined {
  const isMeant = legions.some(({ name, address }) => {
    return name === to.legion && address === to.address;
  });
  if (isMeant) return undefined;
  const here = legions.map(({ name, address }) => `${name} at ${address}`).join(", ");
  return `nothing was done: the order is for the node of ${to.legion} at ${to.address}, ` +
    `and this is the one of ${here}`;
}
