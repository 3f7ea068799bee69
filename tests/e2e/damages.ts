type Damage = (program: string) => Promise<void>;

/** What may befall a program in the cache, given its folder. */
export const damages: readonly [what: string, damage: Damage][] = [
  ["a truncated Deno", (program) => Deno.truncate(`${program}/failover`, 1_000_000)],
  ["another Deno of the same size", async (program) => {
    using file = await Deno.open(`${program}/failover`, { write: true });
    await file.write(new Uint8Array(4096));
  }],
  ["a changed module of the same size and date", async (program) => {
    const file = `${program}/main.js`;
    const { atime, mtime } = await Deno.stat(file);
    const bytes = await Deno.readFile(file);
    bytes[Math.floor(bytes.length / 2)] ^= 1;
    await Deno.writeFile(file, bytes);
    if (atime !== null && mtime !== null) await Deno.utime(file, atime, mtime);
  }],
  ["a truncated module", (program) => Deno.truncate(`${program}/main.js`, 100)],
  ["a missing module", (program) => Deno.remove(`${program}/main.js`)],
  ["a module more", (program) => Deno.writeTextFile(`${program}/more.js`, "")],
  // The record is beside the folder, whose name is the record's and a suffix.
  ["an empty record", (program) => Deno.truncate(program.replace(/\.\w+$/, ""))],
  ["a missing folder", (program) => Deno.remove(program, { recursive: true })],
];
