import { TestProcess } from "./process.ts";

const main = new URL("../main.ts", import.meta.url).pathname;

/** Runs this program's source with these arguments, as a process. */
export function failover(name: string, args: readonly string[], env?: Record<string, string>) {
  const command = Deno.execPath();
  return new TestProcess({ name, command, args: ["run", "-A", "--quiet", main, ...args], env });
}

/** Writes a configuration into a folder and runs a node with it. */
export async function startNode(folder: string, name: string, text: string): Promise<TestProcess> {
  const file = `${folder}/${name}.ini`;
  await Deno.writeTextFile(file, text, { mode: 0o600 });
  return failover(name, ["node", "--config", file, "--name", name]);
}
