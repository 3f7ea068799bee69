import type { Listen } from "../base/listen.ts";
import { Invalid } from "../base/invalid.ts";
import { parseAddress } from "./address.ts";

/**
 * The address or path to serve the stats at, in uWSGI's forms; `*` is all addresses, as its writer
 * means, though uWSGI itself listens on none then.
 *
 * @throws Invalid when it is none, or an abstract socket
 */
export function statsAddress(text: string): Listen {
  if (text.startsWith("@")) {
    throw new Invalid(
      "all users may read an abstract socket; right would be a path, /run/x.socket",
    );
  }
  if (/^[0-9]*$/.test(text)) {
    throw new Invalid("right would be an address (127.0.0.1:1717) or a path (./1717)");
  }
  if (text.includes("/") || !text.includes(":")) return { path: text };
  const address = parseAddress(
    text.replace(/^\*:/, "0.0.0.0:").replace(/^localhost:/, "127.0.0.1:"),
  );
  // Stats are for this machine unless the file says otherwise.
  return { address: text.startsWith(":") ? { ...address, host: "127.0.0.1" } : address };
}
