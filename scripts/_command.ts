/**
 * Runs a command to its end; the result is its output.
 *
 * @throws Error with what the command said, where it fails
 */
export async function command(
  name: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(name, { args: [...args], ...options })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${name}: ${text(stderr).trim()}`);
  return text(stdout);
}
