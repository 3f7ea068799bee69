import { Invalid } from "../base/invalid.ts";
import type { KeyRow } from "../base/option_row.ts";
import { parseProxy, proxyFor } from "../move/proxy.ts";

/** The key that says which proxy a provider is asked through. */
export const proxyKey = {
  name: "proxy",
  form: "URL",
  otherwise: "that of the environment",
  help: "the proxy to go through, `http://USER:PASSWORD@HOST:PORT`; `none` or nothing: none",
  read: proxyText,
} satisfies KeyRow;

/** The settings that say whether requests go through a proxy. */
export interface Proxied {
  /** The URL that requests go to. */
  readonly url: string;
  /** The proxy as given; undefined: that of the environment. */
  readonly proxy?: string;
}

/** The proxy that requests go through, in a line to read; none: there is none, or it is of no use. */
export function describeProxy({ url, proxy }: Proxied): string[] {
  if (warningsOfProxy({ url, proxy }).length > 0) return [];
  const through = proxyFor(new URL(url), proxy);
  return through === undefined ? [] : [`through the proxy ${through.shown}`];
}

/** The reason why the environment's proxy cannot be used, and no request be sent; none: it can. */
export function warningsOfProxy({ url, proxy }: Proxied): string[] {
  try {
    proxyFor(new URL(url), proxy);
    return [];
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return [`the proxy cannot be used: ${error.message}`];
  }
}

function proxyText(text: string): string {
  parseProxy(text);
  return text;
}
