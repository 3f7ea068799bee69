/**
 * What opens a request to a URL: the `request` of `node:http` or `node:https`. They are loaded when
 * they are asked for, since loading them takes as long as all else that a node does before it listens.
 *
 * @param url http or https
 */
export async function openerFor({ protocol }: URL): Promise<Opener> {
  return protocol === "http:"
    ? (await import("node:http")).request
    : (await import("node:https")).request;
}

/** Opens a request; those for http pass over what is about certificates. */
export type Opener = typeof import("node:https").request;
