/** The use that a process makes of its machine. */
export interface ProcessUsage {
  /** When the process was started, in wall clock seconds. */
  readonly startSeconds: number;
  /** The memory that it holds, in bytes. */
  readonly residentBytes: number;
  /** The processor time that it has taken, in seconds. */
  readonly cpuSeconds: number;
}

/** The use that this process makes of its machine. */
export function processUsage(): ProcessUsage {
  // An import would be loaded by each start, some 20 ms; the global is when it is asked for.
  const { user, system } = globalThis.process.cpuUsage();
  return {
    startSeconds: performance.timeOrigin / 1000,
    residentBytes: Deno.memoryUsage().rss,
    cpuSeconds: (user + system) / 1_000_000,
  };
}
