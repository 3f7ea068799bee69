import type { IncomingMessage, ServerResponse } from "node:http";
import { delay } from "@std/async/delay";
import { bodyOf, listen, type Listening, type ListenOptions } from "../move/simulator/listen.ts";
import { isOn, type LoggedRequest, RequestLog } from "../move/simulator/request_log.ts";
import type {
  SimulatedFloatingIp,
  SimulatedNetwork,
  SimulatedPrivateNet,
  SimulatedProject,
  SimulatedServer,
  SimulatedToken,
} from "./_simulated_project.ts";
import type { CloudQuota } from "./_simulated_quota.ts";
import { answer, carriesOut, type CloudFault, type CloudFaultEffect } from "./_fault.ts";
import { type CloudReply, SimulatedCloud } from "./_simulated_cloud.ts";

export type {
  CloudFault,
  CloudFaultEffect,
  CloudQuota,
  SimulatedFloatingIp,
  SimulatedNetwork,
  SimulatedPrivateNet,
  SimulatedProject,
  SimulatedServer,
  SimulatedToken,
};

/** A request that came in, without its token; the path is told with the query. */
export interface CloudSimulatorRequest extends LoggedRequest {
  /** The body, where it is JSON. */
  readonly body?: unknown;
}

/** The settings of a simulator. */
export interface CloudSimulatorOptions extends ListenOptions {
  /** The projects; a token sees its own alone. */
  readonly projects: readonly SimulatedProject[];
  /** The duration of an action, in milliseconds; default 0: ended before the reply. */
  readonly actionMs?: number;
  /** The quota of each project; default 3,600 at once, refilled one a second. */
  readonly quota?: CloudQuota;
  /**
   * Whether an address that a server has is refused with `floating_ip_assigned`, so that it must be
   * unassigned first; default false.
   */
  readonly refusesAssigned?: boolean;
  /** The server ids that the metadata service tells, by the callers' addresses; default none. */
  readonly callers?: Readonly<Record<string, number>>;
  /** The clock of quotas, actions and the log, in milliseconds; default `Date.now`. */
  readonly now?: () => number;
  /** Called when a request came in, and again when it ended (then it has an `outcome`). */
  readonly onRequest?: (request: CloudSimulatorRequest) => void;
  /** Called when an action has ended. */
  readonly onAction?: (action: EndedAction) => void;
  /** Waits while an action runs, or for a slow reply; default: `delay` of `@std/async`. */
  readonly wait?: (ms: number, options: { signal: AbortSignal }) => Promise<void>;
}

/** An action that has ended. */
export interface EndedAction {
  /** The action's id. */
  readonly id: number;
  /** The action's name, such as `assign_floating_ip`. */
  readonly command: string;
  /** The code of the error that it ended in; null: it succeeded. */
  readonly error: string | null;
}

/** A running simulator of the Cloud. */
export interface CloudSimulator extends AsyncDisposable {
  /** The API's base URL, with its version. */
  readonly url: string;
  /** The URL of the metadata service's `instance-id`, for callers that the options name. */
  readonly metadataUrl: string;
  /** All requests so far, in the order they came. */
  readonly requests: readonly CloudSimulatorRequest[];
  /** The duration of an action, in milliseconds; a change holds for the next action. */
  actionMs: number;
  /**
   * The id of the server that a floating address is assigned to; null: none.
   *
   * @throws TypeError when there is no such address
   */
  serverOf(ip: string): number | null;
  /** Assigns a floating address at once, as a person does in the Cloud's console. */
  assign(ip: string, server: number | null): void;
  /** Locks a floating address, as a running action does, until the returned function is called. */
  lock(ip: string): () => void;
  /** Blocks a floating address, as the provider does after an abuse. */
  block(ip: string): void;
  /** The alias addresses of a server in a network. */
  aliasIps(server: number, network: number): readonly string[];
  /** Gives a server other alias addresses at once, as a person does in the Cloud's console. */
  setAliasIps(server: number, network: number, aliasIps: readonly string[]): void;
  /** Deletes a server; its floating addresses are assigned to none then. */
  deleteServer(id: number): void;
  /** Starts a metadata service of one server, and gives the URL of its `instance-id`. */
  metadataOf(server: number): Promise<string>;
  /** Makes requests fail: one fault a request, in this order. */
  fail(...faults: CloudFault[]): void;
  /** The number of requests so far that `on` names, such as `POST /actions/assign`; all by default. */
  count(on?: string): number;
  /** Resolves when the `nth` such request has come, counted from 1 since the start. */
  arrived(on: string, nth?: number): Promise<CloudSimulatorRequest>;
  /** Resolves when the `nth` such request has ended, and so has an outcome. */
  ended(on: string, nth?: number): Promise<CloudSimulatorRequest>;
  /** Resolves when a floating address is assigned to this server. */
  assigned(ip: string, server: number | null): Promise<void>;
  /** Ends all connections and actions, and frees the ports. */
  close(): Promise<void>;
}

const metadataPath = "/hetzner/v1/metadata/instance-id";

/**
 * Starts a server that answers as the API of the Hetzner Cloud does (API.md): floating addresses,
 * servers and their alias addresses, actions that take time and lock, projects by token, quotas,
 * lists in pages, the metadata service, and failures on demand.
 *
 * @example
 * ```ts
 * await using cloud = await startCloudSimulator({
 *   projects: [{
 *     tokens: ["secret"],
 *     servers: [{ id: 1 }, { id: 2 }],
 *     floatingIps: [{ id: 11, ip: "131.232.99.1", server: 1 }],
 *   }],
 *   actionMs: 500,
 * });
 * ```
 *
 * @throws Error when the port cannot be bound
 * @throws TypeError when an address is none, or is at a server or in a network that is not there
 */
export async function startCloudSimulator(
  options: CloudSimulatorOptions,
): Promise<CloudSimulator> {
  const { projects, refusesAssigned = false, callers = {}, now = Date.now, wait = delay } = options;
  const { quota = { limit: 3600, perSecond: 1 } } = options;
  const cloud = new SimulatedCloud({ projects, quota, refusesAssigned, now });
  const log = new RequestLog(options.onRequest);
  const faults: CloudFault[] = [];
  const closing = new AbortController();
  const metadata: Listening[] = [];
  let actionMs = options.actionMs ?? 0;

  /** Lets an action run, without anybody who waits for it. */
  const run = async (begun: NonNullable<CloudReply["begun"]>, fault: CloudFault | undefined) => {
    const error = fault?.kind === "action"
      ? { code: fault.code, message: fault.message ?? "on demand" }
      : null;
    if (actionMs > 0) await wait(actionMs, { signal: closing.signal });
    begun.end(error);
    options.onAction?.({ id: begun.id, command: begun.command, error: error?.code ?? null });
    log.changed();
  };

  /** Answers a request; `instanceOf` is what the metadata service tells a caller. */
  const serve = async (
    message: IncomingMessage,
    response: ServerResponse,
    instanceOf: (caller: string) => number | undefined,
  ) => {
    const atMs = now();
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await bodyOf(message));
    const { method = "", headers: { authorization }, socket: { remoteAddress = "" } } = message;
    const { pathname, search } = new URL(message.url ?? "/", "http://localhost");
    const path = pathname.replace(/^\/v1(?=\/)/, "") + search;
    const url = new URL(pathname + search, "http://localhost");
    const request: CloudSimulatorRequest = { method, path, body: jsonOf(text), atMs };
    const index = faults.findIndex((fault) => isOn(fault.on, request));
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0];
    const end = log.came(request);
    response.on("close", () => end("gone"));
    const isMetadata = pathname === metadataPath;
    const reply = carriesOut(fault) && !isMetadata
      ? cloud.handle({ method, url, text, authorization })
      : undefined;
    if (reply?.begun !== undefined) {
      // The wait fails only when the simulator is closed.
      const running = run(reply.begun, fault).catch(() => {});
      if (actionMs === 0) await running;
    }
    if (fault?.kind === "slow") await wait(fault.ms, { signal: closing.signal });
    if (isMetadata && carriesOut(fault)) {
      return tellInstance(response, instanceOf(remoteAddress), end);
    }
    answer(response, { usual: reply?.answer(), headers: reply?.headers ?? {}, fault, end });
  };
  const callerIn = (caller: string) => callers[caller];
  const server = await listen((...request) => serve(...request, callerIn), options);

  const netOf = (server: number, network: number) => {
    const net = cloud.server(server).privateNets.find((net) => net.network === network);
    if (net === undefined) throw new TypeError(`server ${server} is not in network ${network}`);
    return net;
  };
  const close = async () => {
    if (closing.signal.aborted) return;
    closing.abort();
    await Promise.all([server, ...metadata].map((listening) => listening.close()));
  };

  return {
    url: `${server.origin}/v1`,
    metadataUrl: server.origin + metadataPath,
    requests: log.requests,
    get actionMs() {
      return actionMs;
    },
    set actionMs(ms) {
      actionMs = ms;
    },
    serverOf: (ip) => cloud.floatingIp(ip).server,
    assign: (ip, server) => {
      cloud.floatingIp(ip).server = server === null ? null : cloud.server(server).id;
      log.changed();
    },
    lock: (ip) => {
      const floatingIp = cloud.floatingIp(ip);
      floatingIp.locks++;
      return () => {
        floatingIp.locks--;
      };
    },
    block: (ip) => {
      cloud.floatingIp(ip).blocked = true;
    },
    aliasIps: (server, network) => netOf(server, network).aliasIps,
    setAliasIps: (server, network, aliasIps) => {
      netOf(server, network).aliasIps = aliasIps;
      log.changed();
    },
    deleteServer: (id) => {
      cloud.deleteServer(id);
      log.changed();
    },
    metadataOf: async (server) => {
      const { id } = cloud.server(server);
      const listening = await listen((...request) => serve(...request, () => id), {
        host: options.host,
      });
      metadata.push(listening);
      return listening.origin + metadataPath;
    },
    fail: (...more) => {
      faults.push(...more);
    },
    count: (on) => log.count(on),
    arrived: (on, nth) => log.arrived(on, nth),
    ended: (on, nth) => log.ended(on, nth),
    assigned: async (ip, server) => {
      await log.until(() => cloud.floatingIp(ip).server === server ? true : undefined);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Answers as the metadata service does: the server's id as plain text. */
function tellInstance(
  response: ServerResponse,
  id: number | undefined,
  end: (outcome: string) => void,
): void {
  const status = id === undefined ? 404 : 200;
  end(`${status}`);
  response.writeHead(status, { "content-type": "text/plain" });
  response.end(id === undefined ? "not found" : `${id}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
