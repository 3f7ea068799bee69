/**
 * Reads a file below `/proc` by `cat`, since Deno itself would need every permission for that;
 * undefined when there is no such file.
 *
 * @param name such as `uptime` or `123/stat`
 */
export async function procFile(name: string): Promise<string | undefined> {
  const { success, stdout } = await new Deno.Command("cat", {
    args: [`/proc/${name}`],
    stderr: "null",
  }).output();
  return success ? new TextDecoder().decode(stdout) : undefined;
}

/** Whether a process runs. A zombie, ended but not yet waited for by its parent, does not. */
export async function isRunning(pid: number | string): Promise<boolean> {
  const stat = await procFile(`${pid}/stat`);
  return stat !== undefined && !/\) [ZX] /.test(stat);
}

/** The memory of a process that is in RAM (VmRSS), in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await procFile(`${pid}/status`) ?? "";
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
