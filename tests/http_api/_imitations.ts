import type { Got } from "../lab/any_api.ts";

const json = (value: unknown, status = 200) =>
  new Response(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json" },
  });

/** The published form of one provider's API, as far as its recipe in the manual uses it. */
export interface Imitation {
  /** The name of the recipe's section. */
  readonly name: string;
  /** The form of a token's request; left out where the token is the file's. */
  readonly token?: RegExp;
  /** Another server than the recipe's. */
  readonly elsewhere: string;
  /** The server that a request for a switch names; undefined: the request is none. */
  readonly to: (got: Got) => string | undefined;
  /** The reply to a switch that is taken. */
  readonly taken: () => Response;
  /** The reply to a switch to where the address is; left out where that is taken as any other. */
  readonly already?: () => Response;
  /** The reply that a switch cannot be asked for now. */
  readonly busy: () => Response;
  /** The reply that refuses a switch, and the code that tells it. */
  readonly refused: () => Response;
  /** The poll of a switch; left out where its reply is its end. */
  readonly poll?: {
    readonly path: string;
    readonly reply: (state: "running" | "done" | "failed") => Response;
  };
  /** The path of the look. */
  readonly lookPath: string;
  /** The reply to a look. */
  readonly look: (at: string | null) => Response;
}

function bodyOf({ body }: Got): Record<string, unknown> {
  return JSON.parse(body);
}

const scp = "/www.servercontrolpanel.de/scp-core/api/v1";
const ovh = "/eu.api.ovh.com/v1/ip/203.0.113.10%2F32";
const digitalOcean = "/api.digitalocean.com/v2/reserved_ips/203.0.113.10";
const online = "/api.online.net/api/v1/server/failover";

/** The providers of the manual's recipes. */
export const imitations: readonly Imitation[] = [
  {
    name: "netcup",
    token: /^grant_type=refresh_token&refresh_token=secret&client_id=scp$/,
    elsewhere: "654321",
    to(got) {
      if (got.method !== "PATCH" || got.path !== `${scp}/users/98765/failoverips/v4/42`) return;
      const { serverId } = bodyOf(got);
      return typeof serverId === "number" ? `${serverId}` : undefined;
    },
    taken: () => json({ uuid: "5b7a-1", name: "routeFailoverIp", state: "PENDING" }, 202),
    busy: () => json({ code: "conflict", message: "a task is running" }, 409),
    refused: () => json({ code: "not.found", message: "no such failover IP" }, 404),
    poll: {
      path: `${scp}/tasks/5b7a-1`,
      reply: (state) =>
        json({
          uuid: "5b7a-1",
          state: { running: "RUNNING", done: "FINISHED", failed: "ERROR" }[state],
        }),
    },
    lookPath: `${scp}/users/98765/failoverips/v4?ip=203.0.113.10`,
    look: (at) =>
      json([{ id: 42, ip: "203.0.113.10", server: at === null ? null : { id: Number(at) } }]),
  },
  {
    name: "ovh",
    token: /^grant_type=client_credentials&client_secret=secret&client_id=CLIENT&scope=all$/,
    elsewhere: "ns7654321.ip-198-51-100.eu",
    to(got) {
      if (got.method !== "POST" || got.path !== `${ovh}/move`) return;
      return String(bodyOf(got).to);
    },
    taken: () => json({ taskId: 815, function: "genericMoveFloatingIp", status: "todo" }),
    busy: () => json({ class: "Client::Conflict", message: "a task is running" }, 409),
    refused: () => json({ class: "Client::Forbidden", message: "not allowed" }, 403),
    poll: {
      path: `${ovh}/task/815`,
      reply: (state) =>
        json({
          taskId: 815,
          status: { running: "doing", done: "done", failed: "ovhError" }[state],
        }),
    },
    lookPath: ovh,
    look: (at) => json({ ip: "203.0.113.10/32", routedTo: { serviceName: at } }),
  },
  {
    name: "digitalocean",
    elsewhere: "9219222",
    to(got) {
      if (got.method !== "POST" || got.path !== `${digitalOcean}/actions`) return;
      const { type, droplet_id: id } = bodyOf(got);
      return type === "assign" && typeof id === "number" ? `${id}` : undefined;
    },
    taken: () => json({ action: { id: 72531856, status: "in-progress", type: "assign_ip" } }, 201),
    busy: () =>
      json({ id: "unprocessable_entity", message: "Droplet already has a pending event." }, 422),
    refused: () =>
      json({ id: "unprocessable_entity", message: "The droplet is in another region." }, 422),
    poll: {
      path: `${digitalOcean}/actions/72531856`,
      reply: (state) =>
        json({
          action: {
            id: 72531856,
            status: { running: "in-progress", done: "completed", failed: "errored" }[state],
          },
        }),
    },
    lookPath: digitalOcean,
    look: (at) =>
      json({
        reserved_ip: { ip: "203.0.113.10", droplet: at === null ? null : { id: Number(at) } },
      }),
  },
  {
    name: "dedibox",
    elsewhere: "198.51.100.8",
    to(got) {
      if (got.method !== "POST" || got.path !== `${online}/edit`) return;
      const form = new URLSearchParams(got.body);
      return form.get("source") === "203.0.113.10" ? form.get("destination")! : undefined;
    },
    taken: () => json(true, 201),
    already: () => json({ code: 15, error: "Address already provisioned" }, 400),
    busy: () => json({ code: 9, error: "Operation in progress" }, 409),
    refused: () => json({ code: 3, error: "Insufficient privileges" }, 403),
    lookPath: `${online}/203.0.113.10`,
    look: (at) => json([{ source: "203.0.113.10", destination: at }]),
  },
];
