import { type Said, serverName } from "./_stage.ts";

/**
 * Writes down all that is said at a server, where the environment names a folder for it.
 *
 * @param name the thing that is broken
 * @param ms how long after that it was said, in milliseconds
 */
export async function transcribe(
  name: string,
  server: number,
  said: Omit<Said, "wrong">,
  ms: number,
): Promise<void> {
  const folder = Deno.env.get("FAILOVER_TEST_TRANSCRIPTS");
  if (folder === undefined) return;
  const { log, status, check, doctor } = said;
  const text = [
    `# ${name}, at ${serverName(server)}, ${(ms / 1000).toFixed(1)} s later`,
    ...Object.entries({ log, status, check, doctor }).map(([what, text]) => `## ${what}\n${text}`),
  ].join("\n");
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/${name.replaceAll(/\W+/g, "-")}-${server + 1}.txt`, text);
}
