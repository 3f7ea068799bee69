import type { Lan } from "../../lab/lan.ts";
import { runCommand } from "../../lab/run_command.ts";
import { legionPort } from "./_plan.ts";

/** Rules of nftables, each a match with its verdict, for what comes in and for what goes out. */
export interface Rules {
  readonly input?: string;
  readonly output?: string;
}

/** A link that lets nothing of the legion through: what the first server sends to the second. */
export type Cut = readonly [from: number, to: number];

/** Puts rules into force on a server of the network, in place of all that were. */
export async function block(lan: Lan, server: number, { input, output }: Rules): Promise<void> {
  const chain = (hook: string, rule = "") =>
    `chain ${hook} { type filter hook ${hook} priority 0; ${rule}; }`;
  await loadTable(
    lan,
    server,
    "inet fault",
    `${chain("input", input)}\n${chain("output", output)}`,
  );
}

/** Takes a server's rules out of force. */
export async function unblock(lan: Lan, server: number): Promise<void> {
  await loadTable(lan, server, "inet fault", "");
}

/** Cuts these links one way each, at those who would hear, in place of all rules there. */
export async function cutLinks(lan: Lan, cuts: readonly Cut[]): Promise<void> {
  const deaf = Map.groupBy(cuts, ([, to]) => to);
  await Promise.all([...deaf].map(([to, links]) => {
    const sources = links.map(([from]) => lan.addresses[from]).join(", ");
    return block(lan, to, { input: `ip saddr { ${sources} } udp dport ${legionPort} drop` });
  }));
}

/** All links between servers of different sides, both ways. */
export function between(...sides: (readonly number[])[]): Cut[] {
  return sides.flatMap((side) =>
    sides.filter((other) => other !== side)
      .flatMap((other) => side.flatMap((from) => other.map((to): Cut => [from, to])))
  );
}

/** Takes the rules of all servers out of force. */
export async function mendLinks(lan: Lan): Promise<void> {
  await Promise.all([...lan.addresses.keys()].map((server) => unblock(lan, server)));
}

/** The fate of a server's announcements on their way out. */
export type Outgoing = "dropped" | { readonly from: string } | "as they are";

/**
 * Drops a server's announcements, or has them come from another address, as a NAT does that forgets
 * its flows: each is rewritten by itself, since the kernel's own NAT would keep to the flows it
 * knows. Nothing of {@link block} changes.
 */
export async function sending(lan: Lan, server: number, outgoing: Outgoing): Promise<void> {
  const verdict = outgoing === "dropped" ? "drop" : "accept";
  const what = typeof outgoing === "object" ? `ip saddr set ${outgoing.from}` : verdict;
  const chain = "chain out { type filter hook postrouting priority 0; " +
    `udp dport ${legionPort} ${what}; }`;
  await loadTable(lan, server, "ip sending", chain);
}

/** Puts a table of this text in the place of the one of this name, should there be one. */
async function loadTable(lan: Lan, server: number, name: string, text: string): Promise<void> {
  const former = `table ${name} {}\ndelete table ${name}\n`;
  await runCommand([...lan.on(server), "nft", "-f", "-"], `${former}table ${name} {\n${text}\n}\n`);
}
