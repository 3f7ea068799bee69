import type { RunTool } from "./_tool.ts";

/** The rights that an address on a device needs, by their numbers in the kernel. */
const needed = [["CAP_NET_ADMIN", 12n], ["CAP_NET_RAW", 13n]] as const;

/** The way to the rights that a node lacks. */
export const remedy = "right would be the drop-in of failover systemd --address";

/** The sentence that says which rights this process lacks; undefined: none, as far as is known. */
export async function missingRights(run: RunTool): Promise<string | undefined> {
  try {
    const said = await run("cat", ["/proc/self/status"]);
    const [, hex] = /^CapEff:\s*([0-9a-f]{1,16})$/m.exec(said) ?? [];
    if (hex === undefined) return undefined;
    const missing = needed.filter(([, bit]) => (BigInt(`0x${hex}`) >> bit & 1n) === 0n);
    if (missing.length === 0) return undefined;
    return `this node has no ${missing.map(([name]) => name).join(" and ")}: ${remedy}`;
  } catch {
    return undefined;
  }
}
