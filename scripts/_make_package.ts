import { deb } from "./_deb.ts";
import type { PackageOptions } from "./_package.ts";
import type { Kind } from "./_packages.ts";
import { rpm } from "./_rpm.ts";

const makers = { deb, rpm };

/** Makes a package of a kind. */
export async function makePackage(kind: Kind, options: PackageOptions): Promise<void> {
  await makers[kind](options);
}
