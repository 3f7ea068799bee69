import type { ServerResponse } from "node:http";
import { type BadReply, type JsonReply, replyBadly, replyJson } from "../move/simulator/reply.ts";
import { refusal } from "./_simulated_error.ts";

/** A failure on demand, for the next request that it fits. */
export type CloudFault = CloudFaultEffect & {
  /** The requests that it fits, such as `POST` or `POST /actions/assign`; any when left out. */
  readonly on?: string;
  /**
   * Whether the Cloud carries the request out first, as with a lost reply: an action begins, and only
   * the reply is this fault.
   */
  readonly after?: boolean;
};

/**
 * The effect of a fault: `error` answers with an error of the Cloud's, `slow` answers as usual but so
 * many milliseconds later, `action` lets the action that the request begins end in this error, `alter`
 * answers as usual but with another body; else the reply is a bad one.
 */
export type CloudFaultEffect =
  | {
    readonly kind: "error";
    readonly code: string;
    readonly message?: string;
    readonly details?: unknown;
    /** The HTTP status; that of the code when left out. */
    readonly status?: number;
  }
  | BadReply
  | { readonly kind: "slow"; readonly ms: number }
  | { readonly kind: "action"; readonly code: string; readonly message?: string }
  // deno-lint-ignore no-explicit-any
  | { readonly kind: "alter"; readonly alter: (body: any) => unknown };

/** Whether a request with this fault is carried out. */
export function carriesOut(fault: CloudFault | undefined): boolean {
  return fault === undefined || fault.after === true ||
    ["slow", "action", "alter"].includes(fault.kind);
}

/**
 * Answers a request with a fault, or as usual where there is none.
 *
 * @param usual the Cloud's own answer; needed where there is no fault, or one with which the request
 * is carried out
 * @param headers the headers of the Cloud's own answers
 * @param end told how the request ends
 */
export function answer(
  response: ServerResponse,
  { usual, headers, fault, end }: {
    readonly usual: JsonReply | undefined;
    readonly headers: Readonly<Record<string, string>>;
    readonly fault: CloudFaultEffect | undefined;
    readonly end: (outcome: string) => void;
  },
): void {
  const json = (reply: JsonReply) => replyJson(response, reply, headers, end);
  switch (fault?.kind) {
    case "hang":
    case "reset":
    case "body":
      return replyBadly(response, fault, end);
    case "error":
      return json(
        refusal(fault.code, fault.message ?? "on demand", fault.details ?? null, fault.status),
      );
    case "alter":
      return json({ status: usual!.status, body: fault.alter(usual!.body) });
    default:
      return json(usual!);
  }
}
