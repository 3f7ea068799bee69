import type { IncomingMessage, ServerResponse } from "node:http";
import { delay } from "@std/async/delay";
import { listen, type ListenOptions } from "../move/simulator/listen.ts";
import type { JsonReply } from "../move/simulator/reply.ts";
import { isOn, type LoggedRequest, RequestLog } from "../move/simulator/request_log.ts";
import {
  type Quota,
  type SimulatedAccount,
  type SimulatedFailover,
  SimulatedRobot,
  type SimulatedServer,
  unescaped,
} from "./_simulated_robot.ts";
import { altersReply, answer, type Fault, type FaultEffect } from "./_fault.ts";
import { formOf } from "./_form.ts";
import { failoverUrl } from "./url.ts";

export type { Fault, FaultEffect, Quota, SimulatedAccount, SimulatedFailover, SimulatedServer };

/** A request that came in, without its credentials. */
export interface SimulatedRequest extends LoggedRequest {
  /** The address in the path, where there is one. */
  readonly ip?: string;
  /** The server's address asked for, of a `POST`. */
  readonly activeServerIp?: string;
}

/** The settings of a simulator. */
export interface SimulatorOptions extends ListenOptions {
  /** The accounts that may log in; all see the same addresses. */
  readonly accounts: readonly SimulatedAccount[];
  /** The servers to route to. */
  readonly servers: readonly SimulatedServer[];
  /** The failover addresses. */
  readonly failovers: readonly SimulatedFailover[];
  /** The duration of a switch, in milliseconds; default 0. */
  readonly switchMs?: number;
  /** The quota of each account; default 100 `GET`s, 50 `POST`s an hour (API.md, "Requests"). */
  readonly quota?: Quota;
  /** Whether each reply tells if a switch is running (`status`); default false. */
  readonly withStatus?: boolean;
  /** The clock of quotas, blocks and the log, in milliseconds; default `Date.now`. */
  readonly now?: () => number;
  /** Called when a request came in, and again when it ended (then it has an `outcome`). */
  readonly onRequest?: (request: SimulatedRequest) => void;
  /** Called when a switch is done. */
  readonly onSwitch?: (ip: string, activeServerIp: string | null) => void;
  /** Waits while a switch runs; default: `delay` of `@std/async`. */
  readonly wait?: (ms: number, options: { signal: AbortSignal }) => Promise<void>;
}

/** A running simulator of the Robot. */
export interface Simulator extends AsyncDisposable {
  /** The base URL: scheme, host and port. */
  readonly url: string;
  /** All requests so far, in the order they came. */
  readonly requests: readonly SimulatedRequest[];
  /** The duration of a switch, in milliseconds; a change holds for the next switch. */
  switchMs: number;
  /** The URL of one failover address. */
  failoverUrl(ip: string): string;
  /**
   * The server's address that a failover address points to; null: nowhere.
   *
   * @throws TypeError when there is no such address
   */
  activeServerIp(ip: string): string | null;
  /** Routes an address at once, as a person does in the Robot's web interface. */
  route(ip: string, activeServerIp: string | null): void;
  /** Locks an address, as a running switch does, until the returned function is called. */
  lock(ip: string): () => void;
  /** Makes requests fail: one fault a request, in this order. */
  fail(...faults: Fault[]): void;
  /** Makes all requests fail, as in maintenance, until the returned function is called. */
  failAll(fault: Fault): () => void;
  /** The number of requests of this method so far. */
  count(method: string): number;
  /** Resolves when the `nth` request of this method has come, counted from 1 since the start. */
  arrived(method: string, nth?: number): Promise<SimulatedRequest>;
  /** Resolves when the `nth` request of this method has ended, and so has an outcome. */
  ended(method: string, nth?: number): Promise<SimulatedRequest>;
  /** Resolves when an address points to this server. */
  pointsTo(ip: string, activeServerIp: string | null): Promise<void>;
  /** Ends all connections and switches, and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a server that answers as the Robot does (API.md): routing state, a lock while a switch
 * runs, quotas, the block after three failed logins, both forms of a `POST`, and failures on demand.
 *
 * @example
 * ```ts
 * await using robot = await startSimulator({
 *   accounts: [{ username: "user", password: "secret" }],
 *   servers: [{ number: 1, ip: "1.1.1.1" }, { number: 2, ip: "2.2.2.2" }],
 *   failovers: [{ ip: "4.4.4.4" }],
 *   switchMs: 500,
 * });
 * ```
 *
 * @throws Error when the port cannot be bound
 * @throws TypeError when a failover address belongs to no server
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { accounts, servers, failovers, withStatus = false, now = Date.now, wait = delay } =
    options;
  const { quota = { gets: 100, posts: 50, intervalMs: 3_600_000 } } = options;
  const robot = new SimulatedRobot({ accounts, servers, failovers, withStatus, now, quota });
  const log = new RequestLog(options.onRequest);
  const faults: Fault[] = [];
  let lasting: Fault | undefined;
  const closing = new AbortController();
  let switchMs = options.switchMs ?? 0;

  const finished = async (work: ReturnType<SimulatedRobot["handle"]>): Promise<JsonReply> => {
    if (!("finish" in work)) return work;
    if (switchMs > 0) await wait(switchMs, { signal: closing.signal });
    const answer = work.finish();
    options.onSwitch?.(work.ip, work.activeServerIp);
    log.changed();
    return answer;
  };

  const serve = async (message: IncomingMessage, response: ServerResponse) => {
    const atMs = now();
    const form = await formOf(message);
    const { method = "", headers: { authorization } } = message;
    const path = pathOf(message.url ?? "/");
    const request: SimulatedRequest = {
      method,
      path,
      ip: unescaped(path.match(/^\/failover\/([^/]+)$/)?.[1] ?? "") || undefined,
      activeServerIp: form.get("active_server_ip"),
      atMs,
    };
    const index = faults.findIndex((fault) => isOn(fault.method, request));
    const fault = index < 0 ? lasting : faults.splice(index, 1)[0];
    const end = log.came(request);
    response.on("close", () => end("gone"));
    const usual = fault === undefined || fault.after || altersReply(fault)
      ? await finished(robot.handle({ method, path, form, authorization }))
      : undefined;
    answer(response, usual, fault, end);
  };

  // A request fails only when the client breaks off, or the simulator is closed.
  const server = await listen(serve, options);

  const close = async () => {
    if (closing.signal.aborted) return;
    closing.abort();
    await server.close();
  };

  return {
    url: server.origin,
    requests: log.requests,
    get switchMs() {
      return switchMs;
    },
    set switchMs(ms) {
      switchMs = ms;
    },
    failoverUrl: (ip) => failoverUrl(ip, server.origin),
    activeServerIp: (ip) => robot.routing(ip).activeServerIp,
    route: (ip, activeServerIp) => {
      robot.routing(ip).activeServerIp = activeServerIp;
      log.changed();
    },
    lock: (ip) => {
      const routing = robot.routing(ip);
      routing.locked = true;
      return () => {
        routing.locked = false;
      };
    },
    fail: (...more) => {
      faults.push(...more);
    },
    failAll: (fault) => {
      lasting = fault;
      return () => {
        lasting = undefined;
      };
    },
    count: (method) => log.count(method),
    arrived: (method, nth) => log.arrived(method, nth),
    ended: (method, nth) => log.ended(method, nth),
    pointsTo: async (ip, activeServerIp) => {
      await log.until(() => robot.routing(ip).activeServerIp === activeServerIp ? true : undefined);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The path of a request's target, which may be a whole URL; still escaped, without the query. */
function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/?]*/i, "").split("?")[0];
}
