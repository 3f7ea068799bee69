import { readFile } from "./read_file.ts";

const maxBytes = 1024 * 1024;
const patienceMs = 2_000;

// Descriptors already read: a second look would find nothing left.
const used = new Set<number>();

/**
 * Whether a path names no file but an input this program was started with: standard input, or
 * `<(COMMAND)` of a shell.
 */
export function isDescriptor(path: string): boolean {
  return descriptorOf(path) !== undefined;
}

/**
 * Reads a file named by the person who started this program: a regular file, or a pipe that was
 * handed over, such as `/dev/stdin` or `<(COMMAND)`. A pipe must end within 2 s, for which this
 * waits; at most 1 MiB. Not for a running node.
 *
 * @throws Error that says why the file cannot be read, without the path
 */
export function readGiven(path: string): Uint8Array {
  const descriptor = descriptorOf(path);
  if (descriptor === undefined) return readFile(path);
  if (used.has(descriptor)) throw new Error("it has been read before, and nothing is left of it");
  used.add(descriptor);
  // A child reads: Deno opens no descriptors, and its own reading of standard input knows no end.
  // Loaded only here: few starts are handed anything, and loading takes 20 ms.
  // deno-lint-ignore no-process-global
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const { error, status, stdout } = spawnSync(
    "head",
    ["-c", `${maxBytes + 1}`, ...descriptor === 0 ? [] : [`/dev/fd/${descriptor}`]],
    {
      stdio: ["inherit", "pipe", "ignore"],
      timeout: patienceMs,
      killSignal: "SIGKILL",
      maxBuffer: 2 * maxBytes,
    },
  );
  const { code } = (error ?? {}) as { code?: string };
  if (code === "ETIMEDOUT") throw new Error(`it did not end within ${patienceMs / 1000} s`);
  if (error !== undefined) throw new Error(`it cannot be read: head cannot be run (${code})`);
  if (status !== 0) throw new Error("it cannot be read: nothing was handed over there");
  if (stdout.length > maxBytes) throw new Error("it is larger than 1 MiB");
  return stdout;
}

function descriptorOf(path: string): number | undefined {
  if (path === "/dev/stdin") return 0;
  const match = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/.exec(path);
  return match === null ? undefined : Number(match[1]);
}
