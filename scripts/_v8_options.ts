/**
 * The settings of V8 in the executable, whichever form it has. A node does little, for years: small
 * memory counts, not the last tenth of speed.
 */
export const v8Options: readonly string[] = [
  // One compiler for hot code instead of three: each takes memory for itself and for its code. This
  // one has a thread of its own, and a node is not held up by it.
  "--no-maglev",
  "--no-sparkplug",
  "--single-threaded-gc",
];

/**
 * More settings for the portable form, whose Deno keeps compiled code: all of a file is compiled when
 * it is loaded for the first time, and no start compiles any of it again.
 */
export const v8OptionsWithCache: readonly string[] = ["--no-lazy"];
