import { MoveError } from "../move/move_error.ts";
import { beforehand } from "./errors.ts";

/**
 * Runs the questions that come before a request for a switch.
 *
 * @throws CloudError of the stage `before`, in place of a MoveError
 */
export async function beforeSwitch<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof MoveError ? beforehand(error) : error;
  }
}
