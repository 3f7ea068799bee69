import { abortable } from "@std/async/abortable";
import { delay } from "@std/async/delay";
import type { TestProcess } from "./process.ts";
import { restartMs } from "./supervisor.ts";

/** The longest wait for the end of a process, in milliseconds. */
const patienceMs = 20_000;

/** A way in which a process ends that its supervisor starts again: dead at once, or as asked to. */
export type Ending = "kill" | "restart";

/** The environment by which a node knows that it has a supervisor, as systemd sets it. */
export const supervised = { INVOCATION_ID: "0123456789abcdef0123456789abcdef" };

/**
 * Has a process end, and starts the next, as systemd does with `Restart=always`.
 *
 * @param end makes the process end; settles maybe only when the next has started
 * @throws the error of `end`, or one when the process has not ended within 20 s; nothing is started
 *   when that comes before the process ends
 */
export async function startAgain(
  process: TestProcess,
  end: () => Promise<void> | void,
  start: () => Promise<void> | void,
): Promise<void> {
  const asked = Promise.resolve(end());
  const ended = Promise.race([process.status(), asked.then(() => process.status())]);
  await abortable(ended, AbortSignal.timeout(patienceMs));
  await delay(restartMs);
  await start();
  await asked;
}
