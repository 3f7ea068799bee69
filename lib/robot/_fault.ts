import type { ServerResponse } from "node:http";
import { error, type RobotAnswer } from "./_simulated_robot.ts";

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
 * The effect of a fault: `error` answers with an error of the Robot's, `body` with any status and
 * text, `reset` breaks the connection, `hang` never answers, `active` answers as usual but with this
 * `active_server_ip`, `status` as usual but with this `status`.
 */
export type FaultEffect =
  | {
    readonly kind: "error";
    readonly status: number;
    readonly code: string;
    readonly fields?: Record<string, unknown>;
  }
  | {
    readonly kind: "body";
    readonly status: number;
    readonly body: string | Uint8Array;
    readonly headers?: Record<string, string>;
    /** Whether the connection breaks before the body's end. */
    readonly cut?: boolean;
  }
  | { readonly kind: "reset" }
  | { readonly kind: "hang" }
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
  usual: RobotAnswer | undefined,
  fault: FaultEffect | undefined,
  end: (outcome: string) => void,
): void {
  switch (fault?.kind) {
    case "hang":
      return;
    case "reset":
      end("reset");
      response.destroy();
      return;
    case "body":
      end(`${fault.status}`);
      return text(response, fault);
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

function text(
  response: ServerResponse,
  { status, body, headers, cut }: FaultEffect & { kind: "body" },
): void {
  response.writeHead(status, {
    "content-type": "text/html",
    ...cut ? { "content-length": `${body.length + 1}` } : {},
    ...headers,
  });
  if (cut) response.write(body, () => response.destroy());
  else response.end(body);
}

function altered(usual: RobotAnswer | undefined, fields: Record<string, unknown>): RobotAnswer {
  const { status, body } = usual!;
  const { failover } = body as { failover?: Record<string, unknown> };
  return { status, body: failover === undefined ? body : { failover: { ...failover, ...fields } } };
}

function json(
  response: ServerResponse,
  { status, body }: RobotAnswer,
  end: (outcome: string) => void,
): void {
  const code = (body as { error?: { code: string } }).error?.code;
  end(code === undefined ? `${status}` : `${status} ${code}`);
  // By this header a client that sent no credentials learns that it has to.
  const login = status === 401 ? { "www-authenticate": 'Basic realm="robot"' } : {};
  response.writeHead(status, { "content-type": "application/json", ...login });
  response.end(JSON.stringify(body));
}
