import { HookError } from "./action.ts";

/**
 * Runs a program to its end, without a shell, and returns what it printed.
 *
 * @param answers the exit statuses that are answers; any other is a failure
 * @throws HookError where the program is missing, fails or does not end in time
 */
export type RunTool = (
  program: string,
  args: readonly string[],
  answers?: readonly number[],
) => Promise<string>;

/** How long a program may take before it is killed, in milliseconds. */
const patienceMs = 2_000;

/** The most that is taken of an output, in characters. */
const mostChars = 65_536;

/** The packages that bring the programs: Debian's, and that of Fedora and RHEL where there is one. */
const packages: Readonly<Record<string, readonly [string, string?]>> = {
  ip: ["iproute2", "iproute"],
  arping: ["iputils-arping", "iputils"],
  ndptool: ["libndp-tools", "libndp"],
  na6: ["ipv6toolkit"],
};

// The folders of the system's programs; a service's PATH may lack them.
const folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** The PATH by which programs are found: this process's own, then the system's folders. */
function searched(): string[] {
  const own = (Deno.env.get("PATH") ?? "").split(":").filter((folder) => folder.startsWith("/"));
  return [...new Set([...own, ...folders])];
}

/** The sentence that says which package brings a program that is missing. */
export function missingTool(program: string): string {
  const [debian = program, fedora] = packages[program] ?? [];
  const other = fedora === undefined ? "" : `, or dnf install ${fedora}`;
  return `${program} is missing: right would be apt-get install ${debian}${other}`;
}

/** Whether a program is installed here. */
export function isInstalled(program: string): boolean {
  return searched().some((folder) => {
    try {
      return Deno.statSync(`${folder}/${program}`).isFile;
    } catch {
      return false;
    }
  });
}

/**
 * The program that tells neighbours of an IPv6 address: na6 runs for root alone, whatever rights
 * another user has.
 */
export function advertiser(): "ndptool" | "na6" {
  return !isInstalled("ndptool") && Deno.uid() === 0 && isInstalled("na6") ? "na6" : "ndptool";
}

/** Asks `ip` about a device, and waits for the answer; undefined: it cannot be asked. */
export function askDevice(dev: string): string | HookError | undefined {
  try {
    const io = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
    const { success, stdout, stderr } = new Deno.Command("ip", {
      args: showDevice(dev),
      env: environment(),
      ...io,
    }).outputSync();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return success ? out : new HookError(err);
  } catch {
    return undefined;
  }
}

/** The words by which `ip` tells of a device and its addresses. */
export function showDevice(dev: string): string[] {
  return ["-json", "address", "show", "dev", dev];
}

/** Runs a program of this machine; one that takes longer than 2 s is killed, and waited for no more. */
export const runTool: RunTool = async (program, args, answers = [0]) => {
  const child = spawned(program, args);
  const ended = Promise.all([textOf(child.stdout), textOf(child.stderr), child.status]);
  const { promise: tooLong, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    kill(child);
    reject(new HookError(`${program} did not end within ${patienceMs / 1000} s`));
  }, patienceMs);
  try {
    const [out, err, { code }] = await Promise.race([ended, tooLong]);
    if (answers.includes(code)) return out;
    const [said = ""] = err.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    throw new HookError(`${program} ended with exit status ${code}${said && `: ${said}`}`);
  } finally {
    clearTimeout(timer);
  }
};

function spawned(program: string, args: readonly string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args: [...args],
      env: environment(),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (!isInstalled(program)) throw new HookError(missingTool(program));
    throw new HookError(`${program} cannot be run: ${(error as Error).message}`);
  }
}

function environment(): Record<string, string> {
  return { PATH: searched().join(":"), LC_ALL: "C" };
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // The program has ended by itself.
  }
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of stream) {
    // The rest is read and left out, or the program would wait for ever.
    if (text.length < mostChars) text += decoder.decode(piece, { stream: true });
  }
  return text;
}
