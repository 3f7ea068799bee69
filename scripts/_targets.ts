import { UsageError } from "../lib/cli/usage_error.ts";

/** A kind of machine that an executable can be made for. */
export interface Target {
  /** The name, as in `--target`. */
  readonly name: string;
  /** Deno's name for the machine. */
  readonly triple: string;
  /** The package of npm that has Deno for it. */
  readonly npm: string;
  /** Debian's name for the machine; undefined: no Debian package is made for it. */
  readonly deb?: string;
  /** The name that RPM has for it; undefined: no such package is made for it. */
  readonly rpm?: string;
}

/** The supported machines. */
export const targets: readonly Target[] = [
  {
    name: "linux-x64",
    triple: "x86_64-unknown-linux-gnu",
    npm: "@deno/linux-x64-glibc",
    deb: "amd64",
    rpm: "x86_64",
  },
  {
    name: "linux-arm64",
    triple: "aarch64-unknown-linux-gnu",
    npm: "@deno/linux-arm64-glibc",
    deb: "arm64",
    rpm: "aarch64",
  },
  { name: "macos-x64", triple: "x86_64-apple-darwin", npm: "@deno/darwin-x64" },
  { name: "macos-arm64", triple: "aarch64-apple-darwin", npm: "@deno/darwin-arm64" },
];

/** The machine this runs on; undefined: not a supported one. */
export const ownTarget: Target | undefined = targets.find(({ triple }) =>
  triple === Deno.build.target
);

/**
 * The machine of this name, or this one.
 *
 * @param known the machines to choose from
 * @throws UsageError where none has that name
 */
export function targetOf(name: string | undefined, known = targets): Target {
  const target = known.find((target) => target.name === (name ?? ownTarget?.name));
  if (target !== undefined) return target;
  const names = known.map(({ name }) => name).join(", ");
  throw new UsageError(`--target takes one of ${names}, not ${name ?? Deno.build.target}`);
}
