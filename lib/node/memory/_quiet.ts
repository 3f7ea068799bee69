import type { Boot } from "./boot.ts";
import type { State } from "./_state_file.ts";

/**
 * The time before now in which a node without notes surely promised nothing, in milliseconds: the
 * time since boot, if it has not run in this boot, and on no other machine (LEASE.md, rule 12). 0
 * where that is not certain.
 *
 * @param before the state, as the last process that could keep it left it
 */
export async function quietMs(before: State, boot: Boot): Promise<number> {
  const { id, machine, uptimeSeconds } = boot;
  const isSameMachine = machine !== undefined && before.machine === machine;
  const isOtherBoot = id !== undefined && before.boot !== undefined && before.boot !== id;
  if (!isSameMachine || !isOtherBoot || await boot.mayBeContainer()) return 0;
  // The time since boot is rounded up.
  return Math.max(0, uptimeSeconds() - 1) * 1000;
}
