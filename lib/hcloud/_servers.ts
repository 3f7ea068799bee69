import { MoveError } from "../move/move_error.ts";
import type { Asking } from "../move/provider.ts";
import { type CloudAccess, getServer, listServers } from "./client.ts";
import { CloudError } from "./errors.ts";
import { forgetId, knownId, type Named, noteId } from "./_known_ids.ts";
import { ownServerId } from "./self.ts";
import type { Server } from "./server.ts";

/** The name of the server that asks, in the settings. */
export const self = "self";

/** Knows the servers of a project by id, by name, and as `self`. */
export class Servers {
  readonly #account: string;
  readonly #metadata: string;
  readonly #tried = new Set<string>();

  /**
   * Asks for nothing yet.
   *
   * @param account the account that may see the servers
   * @param metadata the URL that tells the id of this server
   */
  constructor(account: string, metadata: string) {
    this.#account = account;
    this.#metadata = metadata;
  }

  /** The id of a server; undefined: it has not been asked for yet. */
  known(server: string): number | undefined {
    return isId(server) ? Number(server) : knownId(this.#named(server));
  }

  /** The name by which a server is told: its id, where that is known and the settings say `self`. */
  told(server: string): string {
    return server === self ? `${this.known(server) ?? server}` : server;
  }

  /** Whether two texts mean one server, as far as is known. */
  same(a: string, b: string): boolean {
    return a === b || this.known(a) !== undefined && this.known(a) === this.known(b);
  }

  /**
   * The id of a server, asked for where it is not known.
   *
   * @throws MoveError when it is not told, or there is no such server
   * @throws the signal's reason when it is aborted
   */
  async id(access: CloudAccess, server: string, { signal }: Asking): Promise<number> {
    const known = this.known(server);
    if (known !== undefined) return known;
    const id = server === self
      ? await ownServerId(this.#metadata, { timeoutMs: access.timeoutMs, signal })
      : await idOfName(access, server, signal);
    noteId(this.#named(server), id);
    return id;
  }

  /**
   * Asks for the id of a server where it is not known, once: a look is of use without it.
   *
   * @throws the signal's reason when it is aborted
   */
  async tryToKnow(access: CloudAccess, server: string, asking: Asking): Promise<void> {
    if (this.known(server) !== undefined || this.#tried.has(server)) return;
    this.#tried.add(server);
    try {
      await this.id(access, server, asking);
    } catch (error) {
      if (!(error instanceof MoveError)) throw error;
    }
  }

  /**
   * Asks for a server.
   *
   * @throws MoveError when it is not told, or there is no such server
   * @throws the signal's reason when it is aborted
   */
  async get(access: CloudAccess, server: string, asking: Asking): Promise<Server> {
    const isByName = this.hasAsked(server);
    const get = async () => await getServer(access, await this.id(access, server, asking), asking);
    try {
      return await get();
    } catch (error) {
      if (!isGone(error)) throw error;
      this.forget(server);
      if (isByName) return await get();
      const which = server === self ? `${this.known(server)}, which this is,` : server;
      const message = `no server ${which} is in the token's project`;
      throw new CloudError({ ...error, message, code: error.code, kind: error.kind });
    }
  }

  /** Whether the id of a server was asked for by its name, which may stand for another one by now. */
  hasAsked(server: string): boolean {
    return server !== self && knownId(this.#named(server)) !== undefined;
  }

  /** Forgets the id of a server of that name. */
  forget(server: string): void {
    if (server !== self) forgetId(this.#named(server));
  }

  #named(server: string): Named {
    // All projects see one and the same metadata service.
    const account = server === self ? this.#metadata : this.#account;
    return { account, kind: "server", name: server };
  }
}

/** Whether an error says that there is no such thing in the project. */
export function isGone(error: unknown): error is CloudError {
  return error instanceof CloudError && error.code === "not_found";
}

/** Whether a text is an id; the Cloud's names may not be numbers alone. */
export function isId(text: string): boolean {
  return /^[1-9]\d{0,14}$/.test(text);
}

async function idOfName(access: CloudAccess, name: string, signal?: AbortSignal): Promise<number> {
  const [found] = await listServers(access, { name, signal });
  if (found !== undefined) return found.id;
  const message = `no server ${name} is in the token's project`;
  throw new CloudError({ kind: "refused", code: "not_found", message });
}
