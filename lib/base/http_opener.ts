/** Opens a request; one for http passes over what is about certificates. */
export type Opener = typeof import("node:https").request;

/**
 * What opens a request to a URL: the `request` of `node:http` or `node:https`. They are loaded at the
 * first call: a node that had to load them first would listen 20 ms later.
 *
 * @param url http or https
 */
export async function openerFor({ protocol }: URL): Promise<Opener> {
  return protocol === "http:"
    ? (await import("node:http")).request
    : (await import("node:https")).request;
}
