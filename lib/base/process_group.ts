import process from "node:process";
import { hasLiving } from "./_living.ts";

/** Between two questions to the kernel, which cost nothing. */
const askMs = 10;
/** How long a group is given to be gone before its processes are looked at; doubled each time. */
const firstLookMs = 20;

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

  /** Waits until none of them runs; false when some still do after so long. Never rejects. */
  async gone(patienceMs: number): Promise<boolean> {
    const begunMs = performance.now();
    let lookMs = firstLookMs;
    while (this.#isThere()) {
      const waitedMs = performance.now() - begunMs;
      if (waitedMs >= lookMs || waitedMs >= patienceMs) {
        if (!await this.#runs()) return true;
        if (waitedMs >= patienceMs) return false;
        lookMs = 2 * waitedMs;
      }
      await new Promise((resolve) => setTimeout(resolve, askMs));
    }
    return true;
  }

  /** Whether the kernel still knows the group; those who have ended are in it until fetched. */
  #isThere(): boolean {
    try {
      process.kill(-this.#id, 0);
      return true;
    } catch (error) {
      // Not being allowed to signal it means that it is there.
      return !isGone(error);
    }
  }

  /** In a container nobody may fetch those who have ended: they stay in the group, as zombies. */
  async #runs(): Promise<boolean> {
    return Deno.build.os !== "linux" || await hasLiving(this.#id);
  }
}

function isGone(error: unknown): boolean {
  return (error as { code?: string }).code === "ESRCH";
}
