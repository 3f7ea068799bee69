/** The function that opens a request; for http, certificate options are passed over. */
export type Opener = typeof import("node:https").request;

/**
 * Loads the function that opens a request to a URL: the `request` of `node:http` or `node:https`.
 * Loading waits for the first call: a node that loaded them at its start would listen 20 ms later.
 *
 * @param url http or https
 */
export async function openerFor({ protocol }: URL): Promise<Opener> {
  return protocol === "http:"
    ? (await import("node:http")).request
    : (await import("node:https")).request;
}
