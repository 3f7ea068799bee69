import { global } from "./option.ts";
import { statsAddress } from "./stats_address.ts";
import { isOn } from "./_values.ts";

const anotherStats = { restart: "another stats or stats-http" };

/** The options of the node itself, by their fields of Config. */
export const nodeOptions = {
  /** The place where the stats are served; undefined: a socket that the node chooses. */
  stats: global({
    name: "stats",
    aliases: ["stats-server"],
    form: "host:port, :port or a path",
    help: "where to tell the status, with uWSGI's `legions` in it",
    example: "stats = 127.0.0.1:1717",
    read: statsAddress,
    shown: "apart",
    reload: anotherStats,
  }),
  /** Whether the stats are served by HTTP. */
  statsHttp: global({
    name: "stats-http",
    form: "true or false",
    default: "false",
    help: "tell the status by HTTP: a page, JSON, metrics",
    example: "stats-http = true",
    read: isOn,
    shown: "apart",
    reload: anotherStats,
  }),
};
