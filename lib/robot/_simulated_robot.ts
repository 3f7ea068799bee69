import { basic } from "../base/http/basic_auth.ts";
import { isAddress, sameAddress } from "../base/ip_address.ts";
import type { JsonReply } from "../move/simulator/reply.ts";
import type { Form } from "./_form.ts";

/** An account that may log in. */
export interface SimulatedAccount {
  /** The user's name. */
  readonly username: string;
  /** The password. */
  readonly password: string;
}

/** A server that failover addresses can be routed to. */
export interface SimulatedServer {
  /** The server's number (`server_number`). */
  readonly number: number;
  /** The server's main address. */
  readonly ip: string;
  /** The net address of the server's main IPv6 subnet. */
  readonly ipv6Net?: string;
}

/** A failover address or subnet. */
export interface SimulatedFailover {
  /** The address, or the net address of a subnet. */
  readonly ip: string;
  /** The main address of the server it belongs to; the first server's when left out. */
  readonly serverIp?: string;
  /** The server's address it points to at first; its own server's when left out; null: nowhere. */
  readonly activeServerIp?: string | null;
}

/** The number of requests that an account may send in an interval (API.md, "Requests"). */
export interface Quota {
  /** The number of `GET`s. */
  readonly gets: number;
  /** The number of `POST`s, and as many of each other method. */
  readonly posts: number;
  /** The interval, in milliseconds. */
  readonly intervalMs: number;
}

/** The set-up of a simulated Robot. */
export interface RobotSetup {
  /** The accounts that may log in; all see the same addresses. */
  readonly accounts: readonly SimulatedAccount[];
  /** The servers to route to. */
  readonly servers: readonly SimulatedServer[];
  /** The failover addresses. */
  readonly failovers: readonly SimulatedFailover[];
  /** The quota of each account. */
  readonly quota: Quota;
  /** Whether each reply tells if a switch is running (`status`). */
  readonly withStatus: boolean;
  /** The clock in milliseconds of quotas and of the block after failed logins. */
  readonly now: () => number;
}

/** The parts of a request that the Robot reads. */
export interface RobotRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The URL's path, still escaped. */
  readonly path: string;
  /** The fields of the body. */
  readonly form: Form;
  /** The header of this name, where there is one. */
  readonly authorization?: string;
}

/** A switch that has begun: the address is locked until `finish` is called. */
export interface RunningSwitch {
  /** The failover address. */
  readonly ip: string;
  /** The server's address that it is switched to; null: nowhere. */
  readonly activeServerIp: string | null;
  /** Ends the switch, and gives its reply. */
  readonly finish: () => JsonReply;
}

interface Routing {
  readonly ip: string;
  readonly server: SimulatedServer;
  activeServerIp: string | null;
  locked: boolean;
}

// API.md, "Errors": three failed logins block the caller's address for 10 minutes.
const failedLoginsToBlock = 3;
const blockMs = 10 * 60 * 1000;

/** The Robot's rules and its state, without the network. */
export class SimulatedRobot {
  readonly #setup: RobotSetup;
  readonly #routings: readonly Routing[];
  readonly #requestTimes = new Map<string, number[]>();
  #failedLogins = 0;
  #blockedUntil = -Infinity;

  /**
   * Makes a Robot with all addresses at their first servers.
   *
   * @throws TypeError when a failover address belongs to no server
   */
  constructor(setup: RobotSetup) {
    this.#setup = setup;
    this.#routings = setup.failovers.map(({ ip, serverIp, activeServerIp }) => {
      const server = serverIp === undefined ? setup.servers[0] : this.#serverAt(serverIp);
      if (server === undefined) throw new TypeError(`${ip} belongs to no server of the simulator`);
      const home = mainAddress(server, ip) ?? null;
      const active = activeServerIp === undefined ? home : activeServerIp;
      return { ip, server, activeServerIp: active, locked: false };
    });
  }

  /**
   * The routing of an address.
   *
   * @throws TypeError when there is no such address
   */
  routing(ip: string): Routing {
    const routing = this.#routings.find((routing) => sameAddress(routing.ip, ip));
    if (routing === undefined) throw new TypeError(`the simulator has no failover address ${ip}`);
    return routing;
  }

  /** Answers a request, or begins a switch. */
  handle(request: RobotRequest): JsonReply | RunningSwitch {
    const username = this.#login(request.authorization);
    if (username === undefined) return error(401, "UNAUTHORIZED", "Unauthorized");
    if (this.#overQuota(username, request.method)) return this.#limited(request.method);
    const [, root, segment, ...rest] = request.path.split("/");
    const unknown = error(404, "NOT_FOUND", "No entry found");
    if (root !== "failover" || rest.length > 0) return unknown;
    if (segment === undefined) {
      return request.method === "GET" ? this.#list() : unknown;
    }
    const ip = unescaped(segment);
    const routing = this.#routings.find((routing) => sameAddress(routing.ip, ip));
    if (routing === undefined) return error(404, "NOT_FOUND", "Failover IP address not found");
    switch (request.method) {
      case "GET":
        return this.#told(routing);
      case "POST":
        return this.#post(routing, request.form.get("active_server_ip"));
      case "DELETE":
        return this.#switch(routing, null);
      default:
        return error(405, "METHOD_NOT_ALLOWED", "Method not allowed");
    }
  }

  #login(authorization: string | undefined): string | undefined {
    const now = this.#setup.now();
    if (now < this.#blockedUntil) return undefined;
    const account = this.#setup.accounts.find(({ username, password }) =>
      authorization === `Basic ${basic(username, password)}`
    );
    // A request without credentials only asks whether any are needed.
    const isLogin = /^basic /i.test(authorization ?? "");
    if (account !== undefined) {
      this.#failedLogins = 0;
    } else if (isLogin && ++this.#failedLogins === failedLoginsToBlock) {
      this.#failedLogins = 0;
      this.#blockedUntil = now + blockMs;
    }
    return account?.username;
  }

  #allowed(method: string): number {
    return method === "GET" ? this.#setup.quota.gets : this.#setup.quota.posts;
  }

  #overQuota(username: string, method: string): boolean {
    const now = this.#setup.now();
    const key = `${method} ${username}`;
    const since = now - this.#setup.quota.intervalMs;
    const times = (this.#requestTimes.get(key) ?? []).filter((time) => time > since);
    this.#requestTimes.set(key, times);
    if (times.length >= this.#allowed(method)) return true;
    times.push(now);
    return false;
  }

  #limited(method: string): JsonReply {
    return error(403, "RATE_LIMIT_EXCEEDED", "rate limit exceeded", {
      max_request: this.#allowed(method),
      interval: this.#setup.quota.intervalMs / 1000,
    });
  }

  #post(routing: Routing, to = ""): JsonReply | RunningSwitch {
    if (to === "") {
      const missing = ["active_server_ip"];
      return error(400, "INVALID_INPUT", "invalid input", { missing, invalid: null });
    }
    if (!isAddress(to)) {
      const invalid = ["active_server_ip"];
      return error(400, "INVALID_INPUT", "invalid input", { missing: null, invalid });
    }
    const target = this.#setup.servers.map((server) => mainAddress(server, routing.ip))
      .find((address) => address !== undefined && sameAddress(address, to));
    if (target === undefined) {
      return error(404, "FAILOVER_NEW_SERVER_NOT_FOUND", `The server ${to} was not found`);
    }
    return this.#switch(routing, target);
  }

  #switch(routing: Routing, to: string | null): JsonReply | RunningSwitch {
    if (routing.locked) {
      return error(409, "FAILOVER_LOCKED", "Switching of the failover IP is locked");
    }
    if (routing.activeServerIp === to) {
      return error(409, "FAILOVER_ALREADY_ROUTED", "The failover IP is already routed there");
    }
    routing.locked = true;
    return {
      ip: routing.ip,
      activeServerIp: to,
      finish: () => {
        routing.activeServerIp = to;
        routing.locked = false;
        return this.#told(routing);
      },
    };
  }

  #told(routing: Routing): JsonReply {
    return { status: 200, body: this.#reply(routing) };
  }

  #list(): JsonReply {
    return { status: 200, body: this.#routings.map((routing) => this.#reply(routing)) };
  }

  #reply({ ip, server, activeServerIp, locked }: Routing): unknown {
    return {
      failover: {
        ip,
        netmask: ip.includes(":") ? "ffff:ffff:ffff:ffff::" : "255.255.255.255",
        server_ip: server.ip,
        server_ipv6_net: server.ipv6Net ?? null,
        server_number: server.number,
        active_server_ip: activeServerIp,
        ...(this.#setup.withStatus ? { status: locked ? "processing" : "ready" } : {}),
      },
    };
  }

  #serverAt(ip: string): SimulatedServer | undefined {
    return this.#setup.servers.find((server) => sameAddress(server.ip, ip));
  }
}

/** An error as the Robot words it (API.md, "Errors"). */
export function error(
  status: number,
  code: string,
  message: string,
  fields: Record<string, unknown> = {},
): JsonReply {
  return { status, body: { error: { status, code, message, ...fields } } };
}

/** A part of a path without its escapes; as it is where one of them is none. */
export function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The server's address to route to for a failover address of the family of `ip`. */
function mainAddress(server: SimulatedServer, ip: string): string | undefined {
  return ip.includes(":") ? server.ipv6Net : server.ip;
}
