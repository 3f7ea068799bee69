import { missing } from "../../tests/lab/missing.ts";
import type { BenchOptions, Row, Section } from "./section.ts";
import { faultRows } from "./takeover_faults.ts";
import { failover, keepalived, type Kind, uwsgi } from "./takeover_kinds.ts";
import { restartRows } from "./takeover_restart.ts";
import { calmRows } from "./takeover_calm.ts";
import { slowRows } from "./takeover_slow_robot.ts";

/**
 * The section on takeovers: how long until the next node asks the Robot for the address, by fault.
 */
export const takeovers: Section = { name: "takeover", measure };

async function measure(options: BenchOptions): Promise<Row[]> {
  const lacking = await missing(["ip"]);
  if (lacking.length > 0) {
    options.note(`Takeovers were not measured: that needs ${lacking.join(", ")}.`);
    return [];
  }
  const kinds = [failover, ...await rivals(options)];
  const rows: Row[] = [];
  for (const part of [faultRows, restartRows, slowRows, calmRows]) {
    rows.push(...await part(kinds, options));
  }
  return rows;
}

async function rivals({ note }: BenchOptions): Promise<Kind[]> {
  const here: Kind[] = [];
  for (const kind of [uwsgi, keepalived]) {
    const lacking = await missing(kind.needs);
    if (lacking.length === 0) here.push(kind);
    else note(`${kind.contender} was not measured: that needs ${lacking.join(", ")}.`);
  }
  return here;
}
