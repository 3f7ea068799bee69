import type { Lan } from "./lan.ts";

/** Shows the next command a boot id of its own, in the mount namespace that `ip netns exec` makes. */
const withBootId = 'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"';

/**
 * The things of a server that outlast the processes of its node: the node's runtime and state
 * directories, and the boot that the server is in. It counts as installed and booted just now.
 */
export class ServerMemory {
  /** The variables that tell a node its directories. */
  readonly env: { readonly RUNTIME_DIRECTORY: string; readonly STATE_DIRECTORY: string };
  /** The words that run a command on the server, in its present boot: put before it. */
  readonly on: readonly string[];
  readonly #bootFile: string;

  private constructor(lan: Lan, server: number, folder: string) {
    const own = `${folder}/memory-${server}`;
    this.env = { RUNTIME_DIRECTORY: `${own}/runtime`, STATE_DIRECTORY: `${own}/state` };
    this.#bootFile = `${own}-boot`;
    this.on = [...lan.on(server), "sh", "-c", withBootId, this.#bootFile];
  }

  /** Makes the memory of a server, in a folder that is removed at the end. */
  static async of(lan: Lan, server: number, folder: string): Promise<ServerMemory> {
    const memory = new ServerMemory(lan, server, folder);
    await memory.wipe();
    return memory;
  }

  /** Forgets all, as a server that was installed anew. */
  async wipe(): Promise<void> {
    await emptied(this.env.STATE_DIRECTORY);
    await this.reboot();
  }

  /**
   * Empties the runtime directory and gives the server another boot id, as a boot does. The time
   * since the boot stays that of this machine.
   */
  async reboot(): Promise<void> {
    await emptied(this.env.RUNTIME_DIRECTORY);
    await Deno.writeTextFile(this.#bootFile, `${crypto.randomUUID()}\n`);
  }
}

async function emptied(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.remove(folder, { recursive: true });
  await Deno.mkdir(folder, { mode: 0o700 });
}
