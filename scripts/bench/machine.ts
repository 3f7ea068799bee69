import { cpus, release } from "node:os";

/** Describes the machine and the day of the measurements. */
export function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model ?? "unknown processor";
  const gib = (Deno.systemMemoryInfo().total / 2 ** 30).toFixed(0);
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, ${processors.length} × ${model}, ${gib} GiB, ` +
    `${Deno.build.os} ${release()}, Deno ${Deno.version.deno}`;
}
