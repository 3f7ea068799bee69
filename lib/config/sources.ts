/** The sources of all that a configuration refers to outside its own text. */
export interface ConfigSources {
  /** An environment variable. */
  readonly env: (name: string) => string | undefined;
  /**
   * The content of a file; throws when it cannot be read, with a message that says why and does not
   * hold the path.
   */
  readonly readFile: (path: string) => string;
  /** Whether all users of this machine may read a file. */
  readonly isPublic: (path: string) => boolean;
  /** The addresses of this machine. */
  readonly localHosts: () => readonly string[];
  /** Everything that the dialect asks of the machine. */
  readonly machine: Machine;
}

/** The kinds of things at a path that `if-file` and its like tell apart. */
export type PathKind = "file" | "folder" | "other" | "nothing";

/** The facts of a machine that a configuration can ask for, by `%` and a letter, or in a block. */
export interface Machine {
  /** The host name. */
  readonly hostname: () => string;
  /** The working directory. */
  readonly folder: () => string;
  /** The full path of a file: links in it are followed, but not one that the file itself is. */
  readonly fullPath: (path: string) => string;
  /** The kind of thing at a path, links followed; throws an error where that may not be asked. */
  readonly kindAt: (path: string) => PathKind;
  /** The names in a folder, in any order; none where it cannot be read. */
  readonly namesIn: (folder: string) => readonly string[];
  /** The number of processors. */
  readonly cores: () => number;
  /** The process's user and group, by number and by name; a name is undefined where unknown. */
  readonly user: () => { readonly id: number; readonly name: string | undefined };
  /** As {@link user}, for the group. */
  readonly group: () => { readonly id: number; readonly name: string | undefined };
  /** The wall clock, in milliseconds. */
  readonly now: () => number;
}
