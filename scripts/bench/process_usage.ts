import { procFile, residentBytes } from "../../tests/lab/proc.ts";

/**
 * The resident memory of a process, in MiB.
 *
 * @throws Error when the process has ended
 */
export async function residentMib(pid: number): Promise<number> {
  const bytes = await residentBytes(pid);
  if (Number.isNaN(bytes)) throw new Error(`process ${pid} has no memory: it has ended`);
  return bytes / 2 ** 20;
}

// clock_getres(2) gives the kernel's ticks as they are everywhere on Linux: 100 a second.
const ticksPerSecond = 100;

/**
 * The processor time of a process with all its threads, in seconds (proc(5)).
 *
 * @throws Error when the process has ended
 */
export async function processorSeconds(pid: number): Promise<number> {
  const stat = await procFile(`${pid}/stat`);
  if (stat === undefined) throw new Error(`process ${pid} took no time: it has ended`);
  // The second field is a name in parentheses, which may hold anything; utime and stime are 14, 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
