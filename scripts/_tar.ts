import { concatenate } from "../lib/base/concatenate.ts";

/** A file for an archive. */
export interface TarFile {
  /** The name, at most 100 bytes. */
  readonly name: string;
  /** The permission bits. */
  readonly mode: number;
  /** The content. */
  readonly data: Uint8Array;
}

const blockBytes = 512;

/**
 * Makes a tar archive in the format of POSIX.1-1988 (ustar), which every tar reads. The same files
 * give the same bytes on every machine: owners are 0, and all files have the given date.
 *
 * @param mtime the date of all files, in seconds since 1970
 */
export function tar(files: readonly TarFile[], mtime: number): Uint8Array<ArrayBuffer> {
  const parts = files.flatMap(({ name, mode, data }) => [
    header({ name, mode, size: data.length, mtime }),
    data,
    new Uint8Array((blockBytes - data.length % blockBytes) % blockBytes),
  ]);
  const end = new Uint8Array(2 * blockBytes);
  return concatenate([...parts, end]);
}

function header(
  { name, mode, size, mtime }: { name: string; mode: number; size: number; mtime: number },
): Uint8Array {
  const block = new Uint8Array(blockBytes);
  const put = (at: number, text: string) => block.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  put(0, name);
  put(100, octal(mode, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(size, 11));
  put(136, octal(mtime, 11));
  // The checksum counts its own place as spaces.
  put(148, " ".repeat(8));
  put(156, "0");
  put(257, "ustar\0" + "00");
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return block;
}
