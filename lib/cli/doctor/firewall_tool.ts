import type { AskTool } from "./tool.ts";

/** The tool that the rules of a machine's firewall are written with. */
export type FirewallTool = "ufw" | "nft" | "iptables";

/**
 * The tool of this machine's firewall. A rule that lets something in helps only in the table that
 * drops it, and root is told which tables there are; another user goes by the tools.
 *
 * @param read reads a file; undefined: it cannot be read
 */
export async function firewallTool(
  ask: AskTool,
  read: (path: string) => string | undefined,
): Promise<FirewallTool> {
  if (/^ENABLED=yes/m.test(read("/etc/ufw/ufw.conf") ?? "")) return "ufw";
  const said = await ask("nft", "list", "tables");
  if (said.kind !== "said") return "iptables";
  const isOfIptables = /^table ip6? filter$/m.test(said.out);
  return isOfIptables && !/^table inet /m.test(said.out) ? "iptables" : "nft";
}
