import { allAtLeast } from "./limits.ts";
import type { BenchOptions, Figure, Row } from "./section.ts";
import { median } from "./statistics.ts";
import { course, type Sample } from "./takeover_course.ts";
import { failover, keepalived, type Kind, type Timing } from "./takeover_kinds.ts";
import {
  type Fault,
  faults,
  limitOf,
  type Plan,
  plans,
  settingOf,
  usual,
} from "./takeover_plans.ts";
import { setScene } from "./takeover_scene.ts";

const ratio = "SIGTERM of the lord: keepalived's time ÷ ours";

const notes = [
  "Takeovers: seconds from the fault to the next lord's POST reaching an API that speaks https, in " +
  "network namespaces; three nodes, quorum 2, ours with legion-lease = on and the hook " +
  "hetzner-failoverip. A boot counts from the start of the last of three nodes that are started " +
  "together, a return from the start of the node.",
  "Each of our nodes has a runtime and a state directory that outlast its processes: empty at the " +
  "very first start, and at a boot as the stop of all three has left them. At a reboot the runtime " +
  "directories are emptied, and the nodes are shown another boot id; the time since the boot stays " +
  "that of the machine.",
  "uwsgi and keepalived ask by curl, in a legion-lord hook and in notify_master. keepalived: " +
  "advert_int as the freq (it has no tolerance), priorities 200, 150, 100, unicast; after a clean " +
  "stop of the master its next one waits for (256 − priority) / 256 of advert_int.",
];

type Measured = ReadonlyMap<Plan, readonly Sample[]>;

/** Measures one row for each fault and setting. */
export async function faultRows(kinds: readonly Kind[], options: BenchOptions): Promise<Row[]> {
  const wanted = plans.filter(({ kind, once }) => kinds.includes(kind) && !(once && options.quick))
    .filter((plan) => wantedOf(plan, options).length > 0);
  if (wanted.length === 0) return [];
  for (const note of notes) options.note(note);
  const measured = await takeTurns(wanted, options);
  const timings = [...new Set(wanted.map(({ timing }) => timing))];
  const rows = (Object.keys(faults) as Fault[]).flatMap((fault) =>
    timings.map((timing) => faultRow(measured, fault, timing))
  );
  return [...rows, ...timings.flatMap((timing) => ratioRows(measured, timing))]
    .filter(({ what, setting, figures }) => figures.length > 0 && options.wants(what, setting));
}

function wantedOf({ timing, only }: Plan, { wants }: BenchOptions): Fault[] {
  const setting = settingOf(timing);
  return (Object.keys(faults) as Fault[]).filter((fault) => only === undefined || only === fault)
    .filter((fault) => wants(faults[fault], setting) || fault === "stop" && wants(ratio, setting));
}

/** Measures all plans in turns, so that other load on the machine affects all alike. */
async function takeTurns(wanted: readonly Plan[], options: BenchOptions): Promise<Measured> {
  const { runs, executable, signal, progress, note } = options;
  const measured = new Map(wanted.map((plan): [Plan, Sample[]] => [plan, []]));
  await executable.path();
  await using scene = await setScene(executable, 0);
  for (let run = 1; run <= runs; run++) {
    for (const [plan, samples] of measured) {
      if (plan.once && run > 1) continue;
      const name = `${plan.kind.contender}, ${settingOf(plan.timing)}`;
      progress(`run ${run} of ${plan.once ? 1 : runs}: ${name}`);
      const wants = (fault: Fault) => wantedOf(plan, options).includes(fault);
      const broken = (fault: Fault, why: string) => {
        progress(why);
        note(`${name}, run ${run}: ${faults[fault]}: it did not come to that.`);
      };
      samples.push(...await course({ scene, plan, wants, signal, broken }));
    }
  }
  return measured;
}

function faultRow(measured: Measured, fault: Fault, timing: Timing): Row {
  const figures = [...measured.keys()].filter((plan) => plan.timing === timing)
    .map((plan): Figure => ({
      contender: plan.kind.contender,
      unit: "s",
      samples: secondsOf(measured, plan, fault),
    }))
    .filter(({ samples }) => samples.length > 0);
  return {
    what: faults[fault],
    setting: settingOf(timing),
    figures,
    limit: figures.some(({ contender }) => contender === "failover")
      ? limitOf(fault, timing)
      : undefined,
  };
}

function ratioRows(measured: Measured, timing: Timing): Row[] {
  const middle = (kind: Kind) => {
    const plan = [...measured.keys()].find((plan) => plan.kind === kind && plan.timing === timing);
    return plan === undefined ? NaN : median(secondsOf(measured, plan, "stop"));
  };
  const sample = middle(keepalived) / middle(failover);
  if (Number.isNaN(sample)) return [];
  return [{
    what: ratio,
    setting: settingOf(timing),
    figures: [{ contender: "failover", unit: "×", samples: [sample] }],
    // keepalived's default interval.
    limit: timing === usual ? allAtLeast(10, "×") : undefined,
  }];
}

function secondsOf(measured: Measured, plan: Plan, fault: Fault): number[] {
  return (measured.get(plan) ?? []).filter((sample) => sample.fault === fault)
    .map(({ seconds }) => seconds);
}
