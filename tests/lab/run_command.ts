/**
 * Runs a command to its end, with a text on its standard input; the result is its standard output.
 *
 * @throws Error with the output of the command, when it fails
 */
export async function runCommand(line: readonly string[], input = ""): Promise<string> {
  const [command, ...args] = line;
  const io = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const child = new Deno.Command(command, { args, ...io }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(`${line.join(" ")}: ${new TextDecoder().decode(stderr).trim()}`);
  return new TextDecoder().decode(stdout).trim();
}
