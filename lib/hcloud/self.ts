import { plainText } from "../base/plain_text.ts";
import { send } from "../move/http.ts";
import { MoveError } from "../move/move_error.ts";
import { CloudError } from "./errors.ts";

/** Where the metadata service tells a server's id, on every server of the Cloud. */
export const metadataUrl = "http://169.254.169.254/hetzner/v1/metadata/instance-id";

// The service is on the same machine: one that does not answer soon is not there.
const longestMs = 3_000;

/**
 * Asks the metadata service which server this is.
 *
 * @param url the URL that tells the id as plain text
 * @throws CloudError `NO_SELF` when the service does not tell an id
 * @throws MoveError when it does not answer
 * @throws the signal's reason when it is aborted
 */
export async function ownServerId(
  url: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<number> {
  const text = await textAt(url, Math.min(timeoutMs, longestMs), signal);
  const id = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
  if (id !== undefined) return id;
  throw new CloudError({
    kind: "refused",
    code: "NO_SELF",
    message: "the metadata service does not tell this server's id" +
      (text === "" ? "" : `, but: ${plainText(text, 100)}`),
  });
}

async function textAt(url: string, timeoutMs: number, signal?: AbortSignal): Promise<string> {
  try {
    const { status, body, cut } = await send({
      method: "GET",
      url,
      headers: {},
      timeoutMs,
      // Behind a proxy there would be another server's.
      proxy: "none",
      signal,
    });
    if (cut !== undefined) throw cut;
    return status === 200 ? new TextDecoder().decode(body).trim() : `status ${status}`;
  } catch (error) {
    if (!(error instanceof MoveError)) throw error;
    const { kind, code, message } = error;
    const asked = "the metadata service, which tells the server that this is, was asked";
    throw new MoveError({ kind, code, message: `${asked}: ${message}` });
  }
}
