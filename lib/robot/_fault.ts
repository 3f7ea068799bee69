import type { ServerResponse } from "node:http";
import { type BadReply, type JsonReply, replyBadly, replyJson } from "../move/simulator/reply.ts";
import { error } from "./_simulated_robot.ts";

/** A failure on demand, for the next request that it fits. */
export type Fault = FaultEffect & {
  /** The only method whose requests fail; any when left out. */
  readonly method?: string;
  /**
   * Whether the Robot carries the request out first: a switch happens and takes its time, and only
   * its reply is this fault.
   */
  readonly after?: boolean;
};

/**
 * The effect of a fault: `error` answers with an error of the Robot's, `active` answers as usual but
 * with this `active_server_ip`, `status` as usual but with this `status`; else the reply is a bad one.
 */
export type FaultEffect =
  | {
    readonly kind: "error";
    readonly status: number;
    readonly code: string;
    readonly fields?: Record<string, unknown>;
  }
  | BadReply
  | { readonly kind: "active"; readonly activeServerIp: string | null }
  | { readonly kind: "status"; readonly status: "ready" | "processing" };

/** Whether a fault alters the usual answer rather than replacing it. */
export function altersReply({ kind }: FaultEffect): boolean {
  return kind === "active" || kind === "status";
}

/**
 * Answers a request with a fault, or as usual where there is none.
 *
 * @param usual the Robot's own answer; needed where there is no fault, or one that alters it
 * @param end told how the request ends
 */
export function answer(
  response: ServerResponse,
  usual: JsonReply | undefined,
  fault: FaultEffect | undefined,
  end: (outcome: string) => void,
): void {
  switch (fault?.kind) {
    case "hang":
    case "reset":
    case "body":
      return replyBadly(response, fault, end);
    case "error":
      return json(response, error(fault.status, fault.code, "on demand", fault.fields), end);
    case "active":
      return json(response, altered(usual, { active_server_ip: fault.activeServerIp }), end);
    case "status":
      return json(response, altered(usual, { status: fault.status }), end);
    case undefined:
      return json(response, usual!, end);
  }
}

function altered(usual: JsonReply | undefined, fields: Record<string, unknown>): JsonReply {
  const { status, body } = usual!;
  const { failover } = body as { failover?: Record<string, unknown> };
  return { status, body: failover === undefined ? body : { failover: { ...failover, ...fields } } };
}

function json(
  response: ServerResponse,
  reply: JsonReply,
  end: (outcome: string) => void,
): void {
  // By this header a client that sent no credentials learns that it has to.
  const login = { "www-authenticate": 'Basic realm="robot"' };
  replyJson(response, reply, reply.status === 401 ? login : {}, end);
}
