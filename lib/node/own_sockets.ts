import { errorMessage } from "../base/error_message.ts";
import { isLoopback } from "../base/loopback.ts";
import { formatAddress } from "../config/address.ts";
import type { Config } from "../config/config.ts";
import { socketsIn } from "../config/node_sockets.ts";
import { runtimeFolderHint } from "../config/runtime_folder.ts";
import type { Stats } from "../status/report.ts";
import { serveStats } from "../status/server.ts";
import type { ControlReply, ControlRequest } from "./control_message.ts";
import { serveControl } from "./control_server.ts";
import type { Log } from "./log.ts";
import type { Directories } from "./memory/directories.ts";
import { BindError } from "./transport.ts";

/** The node that answers, and the place of its sockets. */
export interface SocketsOptions {
  /** The node's configuration. */
  readonly config: Config;
  /** The folders of the node; undefined: it has none of the sockets by which commands find it. */
  readonly directories?: Directories;
  /** Takes the lines for the log. */
  readonly log: Log;
  /** Makes the stats; called anew for each answer. */
  readonly report: () => Stats;
  /** Carries out an order. */
  readonly obey: (request: ControlRequest) => Promise<ControlReply>;
  /** Called with an order that was carried out, once its reply has been written. */
  readonly replied: (request: ControlRequest) => void;
}

/** The open sockets of a node. */
export interface Sockets {
  /** Closes all of them, and every connection. */
  close(): Promise<void>;
}

/**
 * Opens the sockets at which a node is asked: `stats` of its configuration, and the two by which
 * commands find the node without it.
 *
 * @throws BindError when `stats` cannot be listened on. Without the others a node goes on, and logs
 * a warning: the legion matters more.
 */
export async function openSockets(options: SocketsOptions): Promise<Sockets> {
  const opened = [await openStats(options), ...await openOwn(options)];
  return {
    async close() {
      await Promise.all(opened.map((server) => server?.close()));
    },
  };
}

async function openStats(
  { config: { stats: listen, statsHttp: http, file }, log, report }: SocketsOptions,
): Promise<Sockets | undefined> {
  if (listen === undefined) return undefined;
  const warn = (message: string) => log("warn", message);
  try {
    const server = await serveStats({ listen, http, report, warn });
    const local = "path" in listen || isLoopback(listen.address.host);
    log(local ? "info" : "warn", `stats at ${server.at}${local ? "" : ", for all who reach it"}`);
    return server;
  } catch (error) {
    const at = "path" in listen ? listen.path : formatAddress(listen.address);
    throw new BindError(`${file}: stats: cannot listen on ${at}: ${errorMessage(error)}`);
  }
}

async function openOwn(options: SocketsOptions): Promise<(Sockets | undefined)[]> {
  const { config: { legions: [{ address }] }, directories, log, report, obey, replied } = options;
  if (directories === undefined) return [];
  if (directories.runtime === undefined) {
    log("warn", `${withoutStatus}, and ${withoutOrders}: set ${runtimeFolderHint}`);
    return [];
  }
  const { folder, status, control } = socketsIn(directories.runtime, address);
  const warn = (message: string) => log("warn", message);
  const open = async (without: string, path: string, serve: () => Promise<Sockets>) => {
    try {
      await Deno.mkdir(folder, { recursive: true, mode: 0o755 });
      return await serve();
    } catch (error) {
      log("warn", `${without}: cannot listen on ${path}: ${errorMessage(error)}`);
      return undefined;
    }
  };
  return [
    await open(withoutStatus, status, async () => {
      const listen = { path: status };
      const server = await serveStats({ listen, access: "group", http: false, report, warn });
      log("info", `stats at ${status}`);
      return server;
    }),
    await open(withoutOrders, control, () => serveControl(control, obey, warn, replied)),
  ];
}

const withoutStatus = "failover status does not find this node";
const withoutOrders = "this node cannot be drained";
