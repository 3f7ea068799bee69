import { drawForgottenPromise } from "../common_day.ts";
import type { Random } from "../random.ts";
import { edit, type Fault, partition, type Scenario, strike } from "../scenario.ts";
import { drawCount, type Family, lordMs, nodesAlike, someFaults } from "./family.ts";

/** Machines are started anew, one, some or all at a time: no notes outlast that, a state does. */
export const reboots: Family = (day, random) => {
  const alike = nodesAlike(day, random, drawCount(random));
  const nodes = alike.map((node) => ({ ...node, remembers: random.chance(0.9) }));
  const faults: Fault[] = [];
  let atMs = random.chance(0.2) ? random.between(0, day.toleranceMs) : lordMs(day, random);
  for (let count = random.whole(1, 4); count > 0; count--) {
    const episode = drawReboots({ ...day, nodes }, random, atMs);
    faults.push(...episode);
    const endsMs = episode.map(({ untilMs }) => untilMs).filter((ms) => ms < Infinity);
    const overMs = Math.max(atMs, ...endsMs);
    atMs = overMs + random.between(0, 4) * day.toleranceMs;
  }
  return {
    ...day,
    nodes,
    faults: [...faults, ...random.chance(0.4) ? someFaults(day, random) : []],
  };
};

function drawReboots({ nodes, toleranceMs }: Scenario, random: Random, atMs: number): Fault[] {
  const names = nodes.map(({ name }) => name);
  const struck = random.chance(0.6)
    ? [random.pick(names)]
    : random.shuffled(names).slice(0, random.whole(1, names.length));
  const faults = struck.flatMap((name) => drawReboot(name, random, atMs + random.between(0, 100)));
  const { fromMs, untilMs } = faults.at(-1)!;
  if (random.chance(0.3)) {
    // A shorter tolerance is no reason to listen for less than was promised.
    const [name] = struck;
    faults.push(edit(name, fromMs, { toleranceMs: random.pick([3000, 15_000]) }));
  }
  if (random.chance(0.3)) {
    const lastsMs = random.between(0.5, 3) * toleranceMs;
    const parted = names.filter(() => random.chance(0.5));
    faults.push(partition(parted, untilMs - random.between(0, lastsMs), lastsMs));
  }
  if (random.chance(0.3)) {
    // A process that ends while it listens has noted nothing that the next may go by.
    const [name] = struck;
    const againMs = untilMs + random.between(0, 1.2) * toleranceMs;
    faults.push(strike(random.pick(["crash", "restart", "stop"]), name, againMs, 200));
  }
  if (random.chance(0.2)) {
    const range = { names, troubleMs: 0, toleranceMs };
    const promised = drawForgottenPromise(random, range, "reboot").map((fault) => ({
      ...fault,
      fromMs: fault.fromMs + untilMs,
      untilMs: fault.untilMs + untilMs,
    }));
    faults.push(...promised);
  }
  return faults;
}

/** A loss of power, or an orderly end, and a process that starts some time after its machine. */
function drawReboot(name: string, random: Random, atMs: number): Fault[] {
  const lastsMs = random.pick([random.between(300, 3000), random.between(3000, 40_000)]);
  const amount = random.between(0, lastsMs);
  const faults: Fault[] = [{ ...strike("reboot", name, atMs, lastsMs), amount }];
  if (random.chance(0.3)) faults.unshift(strike("stop", name, atMs - 100, Infinity));
  if (random.chance(0.15)) faults.unshift(strike("disk full", name, atMs - 500, lastsMs + 1000));
  return faults;
}
