import { Invalid } from "./invalid.ts";

/**
 * Reads an http or https URL.
 *
 * @throws Invalid when it is none
 */
export function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && ["http:", "https:"].includes(url.protocol)) return url;
  throw new Invalid("it is no http or https URL");
}
