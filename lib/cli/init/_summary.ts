import { hanging } from "../../base/wrap.ts";
import { formatAddress } from "../../config/address.ts";
import { majorityOf } from "../../config/voters.ts";
import type { NewFile } from "./_files.ts";
import { type InitPlan, nodesOf } from "./_plan.ts";

// The column of the values, behind their labels.
const valueColumn = 20;

/** The settings of a summary, besides its plan. */
interface SummaryOptions {
  /** The files that would be made. */
  readonly files: readonly NewFile[];
  /** The paths of files that are there already, and would be used. */
  readonly used: readonly string[];
  /** The width at which lines are broken between words, in characters. */
  readonly columns: number;
}

/** The configuration that is about to be written, for a person to say yes or no to. */
export function summary(plan: InitPlan, { files, used, columns }: SummaryOptions): string {
  const { me, valor, servers, arbiters, failover, provider } = plan;
  const count = nodesOf(plan).length;
  const hosts = (nodes: InitPlan["servers"]) => nodes.map(({ host }) => host).join(", ");
  const rows: readonly (readonly [label: string, value: string])[] = [
    [
      "this server",
      `${formatAddress(me)}, ${valor === 0 ? "an arbiter, which only votes" : `valor ${valor}`}`,
    ],
    ["servers", `${hosts(servers)} (the first is preferred)`],
    ...arbiters.length === 0 ? [] : [["arbiters", hosts(arbiters)] as const],
    ["quorum", `${majorityOf(count)} of ${count} nodes`],
    ...failover === undefined
      ? []
      : [["failover address", `${failover.ip}, moved by ${provider.title}`] as const],
    ...failover?.facts ?? [],
    ...files.map(({ path }) => ["new file", path] as const),
    ...used.map((path) => ["is used as it is", path] as const),
  ];
  return rows.map(([label, value]) => {
    const row = `  ${label}`.padEnd(valueColumn) + value;
    return `${hanging(row, columns, valueColumn)}\n`;
  }).join("");
}
