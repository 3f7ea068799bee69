import { concatenate } from "../lib/base/concatenate.ts";
import { launcher } from "./_launcher.ts";
import { sha256 } from "./_sha256.ts";
import { tar, type TarFile } from "./_tar.ts";
import type { Target } from "./_targets.ts";

/** The options for making the portable form. */
export interface PortableOptions {
  /** The folder that `bundle` has filled. */
  readonly folder: string;
  /** The machine to make it for. */
  readonly target: Target;
  /** The path of the executable. */
  readonly output: string;
  /** The path of the Deno to put in, made for that machine. */
  readonly deno: string;
  /** The version of the program. */
  readonly version: string;
}

/** The date of all packed files, 1 January 2000: a file changed later has another date. */
const mtime = Date.UTC(2000) / 1000;

/** Makes the portable form: `portable.sh`, and packed behind it a Deno and the bundle. */
export async function portable(
  { folder, target, output, deno, version }: PortableOptions,
): Promise<void> {
  const files: TarFile[] = [
    // Under this name lists of processes show a `failover`.
    { name: "failover", mode: 0o700, data: await Deno.readFile(deno) },
    ...await bundled(folder),
  ];
  const sums = await Promise.all(files.map(async ({ name, data }) => {
    return `${await sha256(new Uint8Array(data))}  ${name}\n`;
  }));
  const list = new TextEncoder().encode(sums.join(""));
  const packed = await gzip(
    tar([{ name: "SHA256SUMS", mode: 0o600, data: list }, ...files], mtime),
  );
  const id = await sha256(list);
  const header = withPayload(
    await launcher("portable.sh", {
      VERSION: version,
      TARGET: target.name,
      ID: id,
      SHORT: id.slice(0, 16),
      COMPILED: "$program/deno",
    }),
  );
  await Deno.writeFile(output, concatenate([header, packed]));
  await Deno.chmod(output, 0o755);
}

async function bundled(folder: string): Promise<TarFile[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return await Promise.all(
    names.sort().map(async (name) => {
      return { name, mode: 0o600, data: await Deno.readFile(`${folder}/${name}`) };
    }),
  );
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(packed).bytes();
}

// The offset of the payload depends on its own digits, so it is filled in last.
function withPayload(script: string): Uint8Array {
  const digits = 5;
  const begin = script.length - "@PAYLOAD@".length + digits + 1;
  return new TextEncoder().encode(script.replace("@PAYLOAD@", String(begin).padEnd(digits)));
}
