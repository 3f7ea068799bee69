import { delay } from "@std/async/delay";
import type { TestProcess } from "./process.ts";

/** The time from the end of a process to the next, in milliseconds: `RestartSec=` of the unit. */
const restartMs = 100;

/** The environment by which a node knows that it has a supervisor, as systemd sets it. */
export const supervised = { INVOCATION_ID: "0123456789abcdef0123456789abcdef" };

/** Waits for the end of a process and starts the next, as systemd does with `Restart=always`. */
export async function startAgain<Started>(
  process: TestProcess,
  start: () => Started | Promise<Started>,
): Promise<Started> {
  await process.status();
  await delay(restartMs);
  return await start();
}
