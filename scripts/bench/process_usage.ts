/** The memory of a process that is resident, in MiB (`VmRSS`, proc(5)). */
export function residentMib(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
  if (kib === undefined) throw new Error(`process ${pid} has no memory: it has ended`);
  return Number(kib) / 1024;
}

// clock_getres(2) gives the kernel's ticks as they are everywhere on Linux: 100 a second.
const ticksPerSecond = 100;

/** The processor time that a process has taken, all its threads together, in seconds (proc(5)). */
export function processorSeconds(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // The second field is a name in parentheses, which may hold anything; utime and stime are 14, 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
