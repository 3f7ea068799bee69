import { spawnSync } from "node:child_process";
import { readFile } from "./read_file.ts";

const maxBytes = 1024 * 1024;
const patienceMs = 2_000;

// A second look would find what is left of it: nothing.
const used = new Set<number>();

/**
 * Whether a path is not a file's but means what this program was started with: standard input, or
 * what a shell makes of `<(COMMAND)`.
 */
export function isDescriptor(path: string): boolean {
  return descriptorOf(path) !== undefined;
}

/**
 * Reads what somebody who started this program calls a file: a regular file, or a pipe that was
 * handed over, such as `/dev/stdin` or `<(COMMAND)`. Of that all has to come within 2 s, for which
 * this waits; at most 1 MiB. Not for a node that runs already.
 *
 * @throws Error that says why it cannot be read; the path is not in its message
 */
export function readGiven(path: string): Uint8Array {
  const descriptor = descriptorOf(path);
  if (descriptor === undefined) return readFile(path);
  if (used.has(descriptor)) throw new Error("it has been read before, and nothing is left of it");
  used.add(descriptor);
  // A child reads: Deno opens no descriptors, and its own reading of standard input knows no end.
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
