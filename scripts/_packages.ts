import { version } from "../lib/cli/version.ts";
import type { Target } from "./_targets.ts";

/** A kind of package. */
export type Kind = "deb" | "rpm";

/** The facts of a kind of package that are known before one is made. */
export interface Packager {
  /** The distributions that install it. */
  readonly whose: string;
  /** The command that packs it. */
  readonly tool: string;
  /** The file's name, as those distributions write it, by the version and their name of the machine. */
  readonly name: (version: string, machine: string) => string;
}

/** The kinds of packages. */
export const packagers: Readonly<Record<Kind, Packager>> = {
  deb: {
    whose: "Debian and Ubuntu",
    tool: "dpkg-deb",
    name: (version, machine) => `failover_${version}_${machine}.deb`,
  },
  rpm: {
    whose: "Fedora, RHEL and their kin",
    tool: "rpmbuild",
    name: (version, machine) => `failover-${version}-1.${machine}.rpm`,
  },
};

/** The names of the kinds. */
export const kinds = Object.keys(packagers) as Kind[];

/** The name of a package's file; undefined: none is made for that machine. */
export function packageFile(kind: Kind, target: Target): string | undefined {
  const machine = target[kind];
  return machine === undefined ? undefined : packagers[kind].name(version, machine);
}
