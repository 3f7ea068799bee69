const script = new URL("../../scripts/compile.ts", import.meta.url).pathname;

/** The exit status and output of a process that has ended. */
export interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `deno task compile`. */
export async function compile(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Result> {
  return await resultOf(Deno.execPath(), ["run", "--quiet", "-P", script, ...args], { env });
}

/** Runs a command to its end, with a text as its input. */
export async function resultOf(
  command: string,
  args: readonly string[],
  { env = {}, input = "" }: { env?: Record<string, string>; input?: string } = {},
): Promise<Result> {
  const io = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const child = new Deno.Command(command, { args: [...args], env, ...io }).spawn();
  const writer = child.stdin.getWriter();
  // A process that does not read its input may have ended before all of it is written.
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}
