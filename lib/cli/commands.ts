import type { Command } from "./command.ts";

/** A row of the table of subcommands. */
export interface CommandEntry {
  /** The subcommand's name. */
  readonly name: string;
  /** The line in the list of `failover help`. */
  readonly summary: string;
  /** Loads the subcommand; only the one that runs is loaded. */
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** All subcommands, in the order of `failover help`. */
export const commands: readonly CommandEntry[] = [
  {
    name: "init",
    summary: "Write this server's configuration, and say what to do next",
    load: () => import("./init/init.ts"),
  },
  {
    name: "node",
    summary: "Run a node of a legion, until SIGTERM or SIGINT",
    load: () => import("./node.ts"),
  },
  {
    name: "status",
    summary: "Show how this node sees its legions; --check: for monitoring",
    load: () => import("./status.ts"),
  },
  {
    name: "lord",
    summary: "Tell by the exit status whether this node is lord, for cron",
    load: () => import("./lord.ts"),
  },
  {
    name: "doctor",
    summary: "Ask everything that can be asked here: what is wrong?",
    load: () => import("./doctor.ts"),
  },
  {
    name: "drain",
    summary: "Make the node here stand back, and wait until another is lord",
    load: () => import("./drain.ts"),
  },
  {
    name: "resume",
    summary: "Let a node that was drained stand again",
    load: () => import("./resume.ts"),
  },
  {
    name: "handover",
    summary: "Hand this node's title to another: drain, wait, resume",
    load: () => import("./handover.ts"),
  },
  {
    name: "promote",
    summary: "Let this node take back what legion-failback withholds",
    load: () => import("./promote.ts"),
  },
  {
    name: "restart",
    summary: "Start the node here again, for an upgrade: a lord stays lord",
    load: () => import("./restart.ts"),
  },
  {
    name: "takeover",
    summary: "Route a failover address to a server by hand",
    load: () => import("./by_hand/takeover.ts"),
  },
  {
    name: "release",
    summary: "Drop the routing of a failover address",
    load: () => import("./by_hand/release.ts"),
  },
  {
    name: "addresses",
    summary: "List the account's failover addresses and where they point",
    load: () => import("./by_hand/addresses.ts"),
  },
  {
    name: "systemd",
    summary: "Print a unit that runs a node under systemd",
    load: () => import("./systemd.ts"),
  },
  {
    name: "demo",
    summary: "Three nodes and a Robot on this machine: an address moves",
    load: () => import("./demo/demo.ts"),
  },
  {
    name: "completions",
    summary: "Print the completions of bash, zsh or fish",
    load: () => import("./completions/completions.ts"),
  },
  {
    name: "man",
    summary: "Print a man page: failover(1), failover.ini(5)",
    load: () => import("./man.ts"),
  },
  {
    name: "help",
    summary: "Show this, or the text about a command, topic or option",
    load: () => import("./help.ts"),
  },
  {
    name: "version",
    summary: "Show the version",
    load: () => import("./version.ts"),
  },
];
