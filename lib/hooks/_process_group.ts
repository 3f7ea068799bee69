import process from "node:process";

const lookMs = 50;

/** A process and all that it has started, as far as they have not left its group. */
export class ProcessGroup {
  readonly #id: number;

  /** @param id The process id of the one that leads the group */
  constructor(id: number) {
    this.#id = id;
  }

  /**
   * Sends a signal to all of them; none is left is no error.
   *
   * @throws Error when none of them may be signalled, because they run as somebody else
   */
  signal(signal: Deno.Signal): void {
    try {
      process.kill(-this.#id, signal);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** Waits until none of them runs; false when some still do after so long. */
  async gone(patienceMs: number): Promise<boolean> {
    const deadline = performance.now() + patienceMs;
    while (await this.#runs()) {
      if (performance.now() >= deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
    return true;
  }

  async #runs(): Promise<boolean> {
    try {
      process.kill(-this.#id, 0);
    } catch (error) {
      // Not being allowed to signal it means that it is there.
      return !isGone(error);
    }
    return Deno.build.os !== "linux" || await this.#hasLiving();
  }

  /** In a container nobody may fetch those who have ended: they stay in the group, as zombies. */
  async #hasLiving(): Promise<boolean> {
    for await (const { name } of Deno.readDir("/proc")) {
      if (!/^[0-9]+$/.test(name)) continue;
      const stat = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
      // "PID (NAME) STATE PARENT GROUP …", and the name may hold anything.
      const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (group === `${this.#id}` && state !== "Z" && state !== "X") return true;
    }
    return false;
  }
}

function isGone(error: unknown): boolean {
  return (error as { code?: string }).code === "ESRCH";
}
