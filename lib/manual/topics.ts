/** A chapter of the manual: the file `NAME.md` of this folder. */
export interface Topic {
  /** The word behind `failover help`. */
  readonly name: string;
  /** The content in one line, for the list in `failover help`. */
  readonly summary: string;
  /** Loads the chapter's Markdown: only the chapter that is asked for is read. */
  readonly load: () => Promise<{ readonly default: string }>;
}

/** All chapters, in the order of `failover help`. */
export const topics: readonly Topic[] = [
  {
    name: "install",
    summary: "One executable: make, install, upgrade and roll it back",
    load: () => import("./install.md", { with: { type: "text" } }),
  },
  {
    name: "start",
    summary: "Three servers, step by step: what to type, what you will see",
    load: () => import("./start.md", { with: { type: "text" } }),
  },
  {
    name: "configuration",
    summary: "Options, hooks and their actions, reload",
    load: () => import("./configuration.md", { with: { type: "text" } }),
  },
  {
    name: "providers",
    summary: "Moving an address by any HTTP API",
    load: () => import("./providers.md", { with: { type: "text" } }),
  },
  {
    name: "commands",
    summary: "Takeovers by hand, completions, exit statuses",
    load: () => import("./commands.md", { with: { type: "text" } }),
  },
  {
    name: "monitoring",
    summary: "Is all well? status, cron, Icinga, Prometheus",
    load: () => import("./monitoring.md", { with: { type: "text" } }),
  },
  {
    name: "troubleshooting",
    summary: "What is wrong, by finding or line of the log; what to do",
    load: () => import("./troubleshooting.md", { with: { type: "text" } }),
  },
  {
    name: "checks",
    summary: "When the service dies, and planned work",
    load: () => import("./checks.md", { with: { type: "text" } }),
  },
  {
    name: "following",
    summary: "Following another election: Patroni, etcd, Redis, keepalived",
    load: () => import("./following.md", { with: { type: "text" } }),
  },
  {
    name: "guarantee",
    summary: "Never two lords: when that holds, and how it is known",
    load: () => import("./guarantee.md", { with: { type: "text" } }),
  },
  {
    name: "security",
    summary: "Who may speak in a legion",
    load: () => import("./security.md", { with: { type: "text" } }),
  },
  {
    name: "performance",
    summary: "How fast it is, and at what cost",
    load: () => import("./performance.md", { with: { type: "text" } }),
  },
  {
    name: "migrating",
    summary: "Coming from uWSGI or keepalived",
    load: () => import("./migrating.md", { with: { type: "text" } }),
  },
];
