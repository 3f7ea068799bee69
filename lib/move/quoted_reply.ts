// The parts of a provider's reply that a message quotes: cleaned as a whole before they are cut, so
// that no beginning of a secret is left over.
import type { Clean } from "../base/cleanser.ts";
import { maskedUrl } from "../base/masked_url.ts";
import { plainText } from "../base/plain_text.ts";

/**
 * The beginning of a body, as the end of a message: `: <html>`.
 *
 * @param clean masks secrets
 * @param none the end of the message where the body is empty
 */
export function quotedBody(body: Uint8Array, clean: Clean, none = ", it is empty"): string {
  const excerpt = plainText(clean(new TextDecoder().decode(body)), 200);
  return excerpt === "" ? none : `: ${excerpt}`;
}

/**
 * A redirect in words, with its target where the reply has one: `a redirect to https://example.com/`.
 *
 * @param location the target; undefined: the reply has none
 * @param clean masks secrets
 */
export function quotedRedirect(location: string | undefined, clean: Clean): string {
  const target = location === undefined ? "" : plainText(maskedUrl(clean(location)), 120);
  return target === "" ? "a redirect" : `a redirect to ${target}`;
}
