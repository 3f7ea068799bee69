/**
 * The settings of V8 in the executable, whichever form it has. A node does little, for years: small
 * memory counts, not the last tenth of speed. Together these save some 3 of 67 MiB.
 */
export const v8Options: readonly string[] = [
  `--v8-flags=${
    [
      // One compiler for hot code instead of three, and no threads that stand by for it.
      "--no-maglev",
      "--no-sparkplug",
      "--no-concurrent-recompilation",
      "--single-threaded-gc",
    ].join(",")
  }`,
];
