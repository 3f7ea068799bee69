import { missing } from "../../tests/lab/missing.ts";
import { announcementTimes } from "./announcement_times.ts";
import { commandTimes, timesOften } from "./command_times.ts";
import { medianAtMost } from "./limits.ts";
import { startLoneNode } from "./lone_node.ts";
import type { BenchOptions, Figure, Limit, Row } from "./section.ts";

const whats = {
  announcement: "failover node, from start to its first datagram",
  status: "failover status of a running node",
  check: "failover status --check of a running node",
};
const setting = "as compiled, not the first start";

/**
 * Measures the start of a node, and commands that cron and people run, beside curl with the same
 * question.
 */
export async function startRows(options: BenchOptions): Promise<Row[]> {
  const { wants, runs, progress, note, executable } = options;
  if (!Object.values(whats).some((what) => wants(what, setting))) return [];
  const path = await executable.path();
  const often = { runs: timesOften * runs, env: executable.env };
  const rows: Row[] = [];
  if (wants(whats.announcement, setting)) {
    progress(whats.announcement);
    const samples = await announcementTimes(path, often);
    const figures = [{ contender: "failover", unit: "ms", samples }] as const;
    rows.push({ what: whats.announcement, setting, figures });
  }
  if (![whats.status, whats.check].some((what) => wants(what, setting))) return rows;
  await using node = await startLoneNode(path, executable.env);
  const stats = ["--stats", node.stats, "--http"];
  const url = `http://${node.stats}/stats`;
  const lacking = await missing(["curl"]);
  if (lacking.length > 0) note(`curl was not measured: that needs ${lacking.join(", ")}.`);
  const curl: Figure[] = lacking.length > 0 ? [] : [{
    contender: "curl",
    unit: "ms",
    samples: await commandTimes(["curl", "--silent", "--output", "/dev/null", url], often),
  }];
  const add = async (what: string, args: readonly string[], others: Figure[], limit?: Limit) => {
    if (!wants(what, setting)) return;
    progress(what);
    const samples = await commandTimes([path, ...args], often);
    rows.push({
      what,
      setting,
      figures: [{ contender: "failover", unit: "ms", samples }, ...others],
      limit,
    });
  };
  await add(whats.status, ["status", ...stats], curl, medianAtMost(90, "ms"));
  await add(whats.check, ["status", "--check", ...stats], curl);
  return rows;
}
