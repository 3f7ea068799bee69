/** A kind of machine that an executable can be made for. */
export interface Target {
  /** The name, as in `--target`. */
  readonly name: string;
  /** Deno's name for the machine. */
  readonly triple: string;
}

/** The supported machines. */
export const targets: readonly Target[] = [
  { name: "linux-x64", triple: "x86_64-unknown-linux-gnu" },
  { name: "linux-arm64", triple: "aarch64-unknown-linux-gnu" },
  { name: "macos-x64", triple: "x86_64-apple-darwin" },
  { name: "macos-arm64", triple: "aarch64-apple-darwin" },
];

/** The machine this runs on; undefined: not a supported one. */
export const ownTarget: Target | undefined = targets.find(({ triple }) =>
  triple === Deno.build.target
);
