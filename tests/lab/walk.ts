/** The paths, as `lib/base/close.ts`, of the files below a folder that end in `ending`, sorted. */
export async function walk(folder: string, ending: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await walk(path, ending));
    else if (name.endsWith(ending)) found.push(path);
  }
  return found.sort();
}
