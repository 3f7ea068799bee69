import { hasLiving } from "./_living.ts";

/** The time between two questions to the kernel, which cost nothing, in milliseconds. */
const askMs = 10;
/**
 * How long a group has to be gone before its processes are looked at, in milliseconds; doubled each
 * time.
 */
const firstLookMs = 20;

/** A process and all it has started, unless gone to another group. */
export class ProcessGroup {
  readonly #id: number;

  /**
   * Names a group that exists.
   *
   * @param id the process id of the group's leader
   */
  constructor(id: number) {
    this.#id = id;
  }

  /**
   * Sends a signal to all processes of the group; an empty group is no error.
   *
   * @throws Error when none may be signalled, because all run as another user
   */
  signal(signal: Deno.Signal): void {
    try {
      Deno.kill(-this.#id, signal);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /**
   * Waits until none of the processes runs; false: some still do after that many milliseconds.
   * Never rejects.
   */
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

  /** Whether the kernel still knows the group, of which ended processes are part until fetched. */
  #isThere(): boolean {
    try {
      Deno.kill(-this.#id, 0);
      return true;
    } catch (error) {
      // A group that must not be signalled is there.
      return !isGone(error);
    }
  }

  /**
   * Whether a process of the group runs: in a container ended ones may never be fetched, and stay
   * in the group as zombies.
   */
  async #runs(): Promise<boolean> {
    return Deno.build.os !== "linux" || await hasLiving(this.#id);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound;
}
