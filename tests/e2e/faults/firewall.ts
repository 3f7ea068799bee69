import type { Lan } from "../../lab/lan.ts";
import { runCommand } from "../../lab/run_command.ts";

/** Rules of nftables, each a match with its verdict, for what comes in and for what goes out. */
export interface Rules {
  readonly input?: string;
  readonly output?: string;
}

/** Puts rules into force on a server of the network. */
export async function block(lan: Lan, server: number, { input, output }: Rules): Promise<void> {
  const chain = (hook: string, rule = "") =>
    `chain ${hook} { type filter hook ${hook} priority 0; ${rule}; }`;
  const table = `table inet fault {\n${chain("input", input)}\n${chain("output", output)}\n}\n`;
  await runCommand([...lan.on(server), "nft", "-f", "-"], table);
}

/** Takes a server's rules out of force. */
export async function unblock(lan: Lan, server: number): Promise<void> {
  await runCommand([...lan.on(server), "nft", "delete", "table", "inet", "fault"]);
}
