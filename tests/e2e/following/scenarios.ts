import { nameOf } from "./followers.ts";
import type { Stage } from "./stage.ts";

/** A fault on a stage where all is well, and the outcome it has to have. */
export interface Scenario {
  /** The name in the table. */
  readonly name: string;
  /** The one to be lord then: another server, the same one again, or nobody until it is healed. */
  readonly lord: "another" | "the same" | "nobody";
  /** Brings it about. */
  readonly fault: (stage: Stage, servers: Servers) => Promise<unknown>;
  /** Puts all right again. */
  readonly heal?: (stage: Stage, servers: Servers) => Promise<unknown>;
}

/** The servers of a scenario, by their indexes. */
export interface Servers {
  /** Patroni's leader before the fault. */
  readonly leader: number;
  /** The server after it. */
  readonly next: number;
  /** The third. */
  readonly third: number;
}

/** All scenarios, each on the stage that the one before has left. */
export const scenarios: readonly Scenario[] = [
  { name: "patronictl switchover", lord: "another", fault: switchOver },
  { name: "patronictl switchover, once more", lord: "another", fault: switchOver },
  {
    name: "Patroni and PostgreSQL are killed",
    lord: "another",
    async fault({ cluster }, { leader }) {
      await cluster.killPatroni(leader);
      await cluster.killPostgres(leader);
    },
    heal: ({ cluster }, { leader }) => cluster.startPatroni(leader),
  },
  {
    name: "the server dies",
    lord: "another",
    async fault({ lan, kill }, { leader }) {
      await lan.plug(leader, "down");
      await kill(leader);
    },
    async heal({ lan, start }, { leader }) {
      await lan.plug(leader, "up");
      await start(leader);
    },
  },
  {
    name: "the server is cut off",
    lord: "another",
    fault: ({ lan }, { leader }) => lan.plug(leader, "down"),
    heal: ({ lan }, { leader }) => lan.plug(leader, "up"),
  },
  {
    name: "Patroni alone is killed",
    lord: "another",
    fault: ({ cluster }, { leader }) => cluster.killPatroni(leader),
    heal: ({ cluster }, { leader }) => cluster.startPatroni(leader),
  },
  {
    name: "PostgreSQL alone is killed",
    lord: "the same",
    fault: ({ cluster }, { leader }) => cluster.killPostgres(leader),
  },
  {
    name: "paused, and Patroni started again",
    lord: "the same",
    async fault({ cluster, followers, until }, { leader }) {
      await cluster.control(leader, "pause", "--wait");
      await cluster.killPatroni(leader);
      await until("no lord", () => followers.watch.lords.length === 0, 10);
      await cluster.startPatroni(leader);
    },
    heal: ({ cluster }, { leader }) => cluster.control(leader, "resume", "--wait"),
  },
  {
    name: "paused, and PostgreSQL killed",
    lord: "nobody",
    async fault({ cluster }, { leader }) {
      await cluster.control(leader, "pause", "--wait");
      await cluster.killPostgres(leader);
    },
    heal: ({ cluster }, { next }) => cluster.control(next, "resume", "--wait"),
  },
  {
    name: "etcd dies on two of three",
    lord: "nobody",
    fault: ({ cluster }, { next, third }) =>
      Promise.all([next, third].map((server) => cluster.killEtcd(server))),
    heal({ cluster }, { next, third }) {
      for (const server of [next, third]) cluster.startEtcd(server);
      return Promise.resolve();
    },
  },
  {
    name: "the next leader's node is drained",
    lord: "nobody",
    async fault(stage, servers) {
      await stage.followers.ask(servers.next, "drain", "--for", "10m");
      await switchOver(stage, servers);
    },
    heal: ({ followers }, { next }) => followers.ask(next, "resume"),
  },
];

async function switchOver({ cluster }: Stage, { leader, next }: Servers): Promise<void> {
  const names = ["--leader", nameOf(leader), "--candidate", nameOf(next)];
  await cluster.control(leader, "switchover", ...names, "--force");
}
