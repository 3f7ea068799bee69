import { delay } from "@std/async/delay";
import type { Asking, Route } from "../move/provider.ts";
import { cleanOf, type CloudAccess, getAction } from "./client.ts";
import type { CloudAction } from "./cloud_action.ts";
import { actionError, CloudError } from "./errors.ts";
import { isGone } from "./_servers.ts";

// The waits between two looks at an action, in milliseconds.
const firstMs = 500;
const longestMs = 2_000;

/** The state of the action that a switch began; nothing where none is known. */
export type RunningState = Pick<Route, "status" | "failure">;

/** The action that the last request for a switch began, which goes on after the answer. */
export class Running {
  #action?: number;

  /**
   * Takes note of the action in the answer to a request for a switch.
   *
   * @returns whether it goes on
   * @throws CloudError when it has failed already
   */
  began(access: CloudAccess, { id, status, error }: CloudAction): boolean {
    this.#action = undefined;
    if (status === "error") throw actionError(error, cleanOf(access));
    if (status === "running") this.#action = id;
    return status === "running";
  }

  /**
   * Asks whether the action still runs. Its end is told once: `ready`, or the reason of its failure.
   *
   * @returns nothing known where there is no action
   * @throws MoveError when no readable answer comes
   * @throws the signal's reason when it is aborted
   */
  async state(access: CloudAccess, { signal }: Asking): Promise<RunningState> {
    if (this.#action === undefined) return {};
    const id = this.#action;
    try {
      const { status, error } = await getAction(access, id, { signal });
      if (status === "running") return { status: "processing" };
      this.#action = undefined;
      if (status === "success") return { status: "ready" };
      const { code, message } = actionError(error, cleanOf(access));
      return { status: "ready", failure: { code, message } };
    } catch (error) {
      if (!isGone(error)) throw error;
      // An action that the Cloud knows no more has ended.
      this.#action = undefined;
      return {};
    }
  }
  /**
   * Waits for the end of the action.
   *
   * @param untilMs the end of the wait, by `performance.now`
   * @returns whether the action has ended
   * @throws CloudError of the stage `action` when the action has failed
   * @throws MoveError when no readable answer comes
   * @throws the signal's reason when it is aborted
   */
  async hasEnded(access: CloudAccess, asking: Asking, untilMs: number): Promise<boolean> {
    for (let waitMs = firstMs;; waitMs = Math.min(2 * waitMs, longestMs)) {
      if (performance.now() + waitMs > untilMs) return false;
      await delay(waitMs, { signal: asking.signal });
      const { status, failure } = await this.state(access, asking);
      if (failure !== undefined) {
        throw new CloudError({ kind: "refused", stage: "action", ...failure });
      }
      if (status !== "processing") return true;
    }
  }
}
