import type { JsonReply } from "../move/simulator/reply.ts";
import { CloudAction } from "./_simulated_action.ts";
import { toldFloatingIp, toldNetwork, toldServer } from "./_simulated_documents.ts";
import { invalidField, notFound, refusal } from "./_simulated_error.ts";
import { type Order, order } from "./_simulated_order.ts";
import { page } from "./_simulated_page.ts";
import {
  type FloatingIp,
  Project,
  type Server,
  type SimulatedProject,
} from "./_simulated_project.ts";
import { type CloudQuota, QuotaBucket } from "./_simulated_quota.ts";

/** The set-up of a simulated Cloud. */
export interface CloudSetup {
  /** The projects. */
  readonly projects: readonly SimulatedProject[];
  /** The quota of each project. */
  readonly quota: CloudQuota;
  /** Whether an address that a server has must be unassigned before it is assigned anew. */
  readonly refusesAssigned: boolean;
  /** The clock in milliseconds of quotas and actions. */
  readonly now: () => number;
}

/** The parts of a request that the Cloud reads. */
export interface CloudRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The path, which begins with the version, and the query. */
  readonly url: URL;
  /** The body. */
  readonly text: string;
  /** The header of this name, where there is one. */
  readonly authorization?: string;
}

/** An action that runs, until it is ended. */
export interface BegunAction {
  /** The action's id. */
  readonly id: number;
  /** The action's name, such as `assign_floating_ip`. */
  readonly command: string;
  /** Ends the action, in this error or, where that is null, with its effect. */
  end(error: { code: string; message: string } | null): void;
}

/** The reply to a request, and the action that it has begun. */
export interface CloudReply {
  /** The reply, as the state is when it is sent. */
  readonly answer: () => JsonReply;
  /** The headers that tell of the quota; none where the token is of no project. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The action that it has begun. */
  readonly begun?: BegunAction;
}

/** The Cloud's rules and its state, without the network. */
export class SimulatedCloud {
  readonly #setup: CloudSetup;
  readonly #projects: readonly { readonly project: Project; readonly bucket: QuotaBucket }[];
  readonly #actions = new Map<
    number,
    { readonly project: Project; readonly action: CloudAction }
  >();
  #lastAction = 0;

  /**
   * Makes a Cloud with all projects as they are at first.
   *
   * @throws TypeError when an address is none, or is at a server or in a network that is not there
   */
  constructor(setup: CloudSetup) {
    this.#setup = setup;
    this.#projects = setup.projects.map((project) => ({
      project: new Project(project),
      bucket: new QuotaBucket(setup.quota, setup.now()),
    }));
  }

  /**
   * The floating address that has this address.
   *
   * @throws TypeError when there is none
   */
  floatingIp(ip: string): FloatingIp {
    for (const { project } of this.#projects) {
      const found = project.floatingIp(ip);
      if (found !== undefined) return found;
    }
    throw new TypeError(`the simulator has no floating address ${ip}`);
  }

  /**
   * The server with this id.
   *
   * @throws TypeError when there is none
   */
  server(id: number): Server {
    const found = this.#projects.map(({ project }) => project.servers.get(id)).find(Boolean);
    if (found === undefined) throw new TypeError(`the simulator has no server ${id}`);
    return found;
  }

  /** Deletes a server, as a person does in the Cloud's console; its addresses are nowhere then. */
  deleteServer(id: number): void {
    for (const { project } of this.#projects) {
      if (!project.servers.delete(id)) continue;
      for (const floatingIp of project.floatingIps.values()) {
        if (floatingIp.server === id) floatingIp.server = null;
      }
    }
  }

  /** Answers a request, and perhaps begins an action. */
  handle(request: CloudRequest): CloudReply {
    const token = request.authorization?.match(/^Bearer (.+)$/)?.[1];
    for (const { project, bucket } of this.#projects) {
      const found = project.tokens.find((one) => one.token === token);
      if (found === undefined) continue;
      const isAllowed = bucket.take(this.#setup.now());
      const headers = bucket.headers();
      if (!isAllowed) {
        const told = `limit of ${this.#setup.quota.limit} requests per hour reached`;
        return { ...only(refusal("rate_limit_exceeded", told)), headers };
      }
      if (found.readOnly && request.method !== "GET") {
        return { ...only(refusal("token_readonly", "the token is read-only")), headers };
      }
      return { ...this.#handle(project, request), headers };
    }
    return only(refusal("unauthorized", "unable to authenticate"));
  }

  #handle(project: Project, { method, url, text }: CloudRequest): CloudReply {
    const [, version, kind, id, actions, command, ...rest] = url.pathname.split("/");
    if (version !== "v1" || rest.length > 0) return unknownPath();
    if (method === "GET") return only(this.#get(project, url, [kind, id, actions, command]));
    if (method !== "POST" && method !== "PUT") {
      return only(refusal("method_not_allowed", "the method is not allowed"));
    }
    const body = jsonObject(text);
    if (body === undefined) return only(refusal("json_error", "invalid JSON"));
    if (method === "PUT" && actions === undefined) return only(this.#put(project, kind, id, body));
    if (method === "PUT" || actions !== "actions" || command === undefined) return unknownPath();
    const { refusesAssigned } = this.#setup;
    const ordered = order(project, { what: `${kind} ${command}`, id, body, refusesAssigned });
    if (ordered === undefined) return unknownPath();
    return "status" in ordered ? only(ordered) : this.#start(project, ordered);
  }

  #get(project: Project, url: URL, path: readonly (string | undefined)[]): JsonReply {
    const [kind, id, actions, action] = path;
    if (kind === "actions" && actions === undefined) return this.#getActions(project, url, id);
    const known = resources[kind ?? ""];
    if (known === undefined) return unknownResource();
    const { all, told, one, title } = known(project);
    if (id === undefined) {
      const name = url.searchParams.get("name");
      const wanted = [...all.values()].filter((resource) =>
        name === null || resource.name === name
      );
      return page(url, kind!, wanted.map(told));
    }
    const resource = all.get(Number(id));
    if (resource === undefined) return notFound(title, id);
    if (actions === undefined) return ok({ [one]: told(resource) });
    if (actions !== "actions") return unknownResource();
    const own = (candidate: CloudAction) =>
      candidate.resources.some(({ id, type }) => id === resource.id && type === one);
    return this.#getActions(project, url, action, own);
  }

  /** Changes the name of a resource; the other fields that a client may change are not kept. */
  #put(project: Project, kind: string, id: string, { name }: Record<string, unknown>): JsonReply {
    const known = resources[kind];
    if (known === undefined) return unknownResource();
    const { all, told, one, title } = known(project);
    const resource = all.get(Number(id));
    if (resource === undefined) return notFound(title, id);
    if (name !== undefined && (typeof name !== "string" || name === "")) {
      return invalidField("name", "must be a name");
    }
    if ([...all.values()].some((other) => other !== resource && other.name === name)) {
      return refusal("uniqueness_error", `the ${title} name is already used`);
    }
    resource.name = name ?? resource.name;
    return ok({ [one]: told(resource) });
  }

  #getActions(
    project: Project,
    url: URL,
    id: string | undefined,
    isWanted = (_action: CloudAction) => true,
  ): JsonReply {
    const own = [...this.#actions.values()].filter((one) => one.project === project)
      .map(({ action }) => action).filter(isWanted);
    if (id !== undefined) {
      const action = own.find((one) => one.id === Number(id));
      return action === undefined ? notFound("action", id) : ok({ action: action.told() });
    }
    const ids = url.searchParams.getAll("id").map(Number);
    const wanted = own.filter((action) => ids.length === 0 || ids.includes(action.id));
    return page(url, "actions", wanted.map((action) => action.told()));
  }

  #start(project: Project, { command, locks, resources, effect }: Order): CloudReply {
    const id = ++this.#lastAction;
    const action = new CloudAction({ id, command, resources, nowMs: this.#setup.now(), effect });
    this.#actions.set(id, { project, action });
    locks.locks++;
    return {
      answer: () => ({ status: 201, body: { action: action.told() } }),
      begun: {
        id,
        command,
        end: (error) => {
          locks.locks--;
          action.end(this.#setup.now(), error);
        },
      },
    };
  }
}

/** The resources that can be listed, by the first part of their path. */
const resources: Record<string, ((project: Project) => Listed) | undefined> = {
  floating_ips: ({ floatingIps }) => ({
    one: "floating_ip",
    title: "floating IP",
    all: floatingIps,
    told: (one) => toldFloatingIp(floatingIps.get(one.id)!),
  }),
  servers: (project) => ({
    one: "server",
    title: "server",
    all: project.servers,
    told: (one) => toldServer(project.servers.get(one.id)!, project),
  }),
  networks: (project) => ({
    one: "network",
    title: "network",
    all: project.networks,
    told: (one) => toldNetwork(project.networks.get(one.id)!, project),
  }),
};

interface Named {
  readonly id: number;
  name: string;
}

interface Listed {
  /** The field of a reply with one of them, and its type among an action's resources. */
  readonly one: string;
  /** The name in a sentence. */
  readonly title: string;
  readonly all: ReadonlyMap<number, Named>;
  readonly told: (one: Named) => Record<string, unknown>;
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  // Clients send nothing where an action has no parameters.
  if (text === "") return {};
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function unknownResource(): JsonReply {
  return refusal("not_found", "the requested resource was not found");
}

function unknownPath(): CloudReply {
  return only(unknownResource());
}

function ok(body: unknown): JsonReply {
  return { status: 200, body };
}

function only(answer: JsonReply): CloudReply {
  return { answer: () => answer };
}
