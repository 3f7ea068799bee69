import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { delay } from "@std/async/delay";
import {
  type Quota,
  type RobotAnswer,
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
export interface SimulatedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The URL's path. */
  readonly path: string;
  /** The address in the path, where there is one. */
  readonly ip?: string;
  /** The server's address asked for, of a `POST`. */
  readonly activeServerIp?: string;
  /** The time when its headers came, in milliseconds of the simulator's clock. */
  readonly atMs: number;
  /**
   * The end of the request, once it has ended: `200`, `409 FAILOVER_LOCKED`, `reset`, or `gone` when
   * the client broke off first.
   */
  outcome?: string;
}

/** The settings of a simulator. */
export interface SimulatorOptions {
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
  /** The certificate and key to serve https with, both PEM; http when left out. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** The port to listen on; default: any that is free. */
  readonly port?: number;
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
  const { host = "127.0.0.1", quota = { gets: 100, posts: 50, intervalMs: 3_600_000 } } = options;
  const robot = new SimulatedRobot({ accounts, servers, failovers, withStatus, now, quota });
  const requests: SimulatedRequest[] = [];
  const faults: Fault[] = [];
  let lasting: Fault | undefined;
  const changes = new EventTarget();
  const closing = new AbortController();
  let switchMs = options.switchMs ?? 0;

  const changed = (request: SimulatedRequest) => {
    options.onRequest?.(request);
    changes.dispatchEvent(new Event("change"));
  };

  const finished = async (work: ReturnType<SimulatedRobot["handle"]>): Promise<RobotAnswer> => {
    if (!("finish" in work)) return work;
    if (switchMs > 0) await wait(switchMs, { signal: closing.signal });
    const answer = work.finish();
    options.onSwitch?.(work.ip, work.activeServerIp);
    changes.dispatchEvent(new Event("change"));
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
    const end = (outcome: string) => {
      if (request.outcome !== undefined) return;
      request.outcome = outcome;
      changed(request);
    };
    response.on("close", () => end("gone"));
    requests.push(request);
    const index = faults.findIndex((fault) => (fault.method ?? method) === method);
    const fault = index < 0 ? lasting : faults.splice(index, 1)[0];
    changed(request);
    const usual = fault === undefined || fault.after || altersReply(fault)
      ? await finished(robot.handle({ method, path, form, authorization }))
      : undefined;
    answer(response, usual, fault, end);
  };

  const handler = (message: IncomingMessage, response: ServerResponse) => {
    // The work fails only when the client breaks off, or the simulator is closed.
    serve(message, response).catch(() => response.destroy());
  };
  const server = options.tls ? createTlsServer(options.tls, handler) : createServer(handler);
  // Clients that do not trust the certificate break off, which is no failure of the simulator.
  server.on("tlsClientError", () => {});
  server.on("clientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, () => resolve());
  });
  const { port } = server.address() as { port: number };
  const url = `${options.tls ? "https" : "http"}://${host}:${port}`;

  const until = <T>(look: () => T | undefined) =>
    new Promise<T>((resolve) => {
      const check = () => {
        const found = look();
        if (found === undefined) return;
        changes.removeEventListener("change", check);
        resolve(found);
      };
      changes.addEventListener("change", check);
      check();
    });
  const nth = (method: string, nth: number) =>
    requests.filter((request) => request.method === method)[nth - 1];

  const close = async () => {
    if (closing.signal.aborted) return;
    closing.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };

  return {
    url,
    requests,
    get switchMs() {
      return switchMs;
    },
    set switchMs(ms) {
      switchMs = ms;
    },
    failoverUrl: (ip) => failoverUrl(ip, url),
    activeServerIp: (ip) => robot.routing(ip).activeServerIp,
    route: (ip, activeServerIp) => {
      robot.routing(ip).activeServerIp = activeServerIp;
      changes.dispatchEvent(new Event("change"));
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
    count: (method) => requests.filter((request) => request.method === method).length,
    arrived: (method, count = 1) => until(() => nth(method, count)),
    ended: (method, count = 1) =>
      until(() => nth(method, count)?.outcome === undefined ? undefined : nth(method, count)),
    pointsTo: async (ip, activeServerIp) => {
      await until(() => robot.routing(ip).activeServerIp === activeServerIp ? true : undefined);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The path of a request's target, which may be a whole URL; still escaped, without the query. */
function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/?]*/i, "").split("?")[0];
}
