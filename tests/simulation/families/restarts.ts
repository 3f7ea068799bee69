import { drawForgottenPromise } from "../common_day.ts";
import type { Random } from "../random.ts";
import {
  edit,
  type Fault,
  type FileSettings,
  type NodePlan,
  partition,
  type RestartKind,
  type Scenario,
  strike,
} from "../scenario.ts";
import { drawCount, type Family, lordMs, nodesAlike, someFaults } from "./family.ts";

/** A piece of a day: it begins at this time. */
type Episode = (day: Scenario, random: Random, atMs: number) => readonly Fault[];

/**
 * Processes are ended and started again, by a supervisor or by hand, and remember what they were;
 * on some days one node has lost its notes, or cannot write any.
 */
export const restarts: Family = (given, random) => {
  const day = { ...given, nodes: drawNodes(given, random), ...drawCalm(random) };
  const faults: Fault[] = [];
  let atMs = lordMs(day, random);
  for (let count = random.whole(1, 6); count > 0; count--) {
    const episode = random.pick(episodes)(day, random, atMs);
    faults.push(...episode);
    const overMs = Math.max(atMs, ...episode.map(({ untilMs }) => untilMs));
    atMs = overMs + random.pick([random.between(0, 1), random.between(2.5, 6)]) * day.toleranceMs;
  }
  return { ...day, faults: [...faults, ...random.chance(0.3) ? someFaults(given, random) : []] };
};

/** Nodes that remember; on some days uWSGI's is among them, one is away, or all are needed. */
function drawNodes(day: Scenario, random: Random): NodePlan[] {
  const alike = nodesAlike(day, random, drawCount(random));
  const freqMs = random.pick([200, 500, 1000]);
  const kind = random.pick(["all", "all", "away", "needed", "uwsgi"] as const);
  const odd = random.pick(alike);
  return alike.map((node): NodePlan => {
    const isOdd = node === odd;
    return {
      ...node,
      freqMs,
      remembers: true,
      quorum: kind === "needed" ? alike.length : node.quorum,
      startMs: kind === "away" && isOdd && alike.length > 2 ? Infinity : node.startMs,
      ...kind === "uwsgi" && isOdd ? { lease: "uwsgi", failback: { kind: "immediate" } } : {},
    };
  });
}

/** On most days the network is well, and no node flaps: there a restart has to go unnoticed. */
function drawCalm(random: Random): Partial<Scenario> {
  if (random.chance(0.3)) return {};
  const latencyMs = random.pick([1, 20]);
  return { loss: 0, doubling: 0, latencyMs, noticeMs: 0, flap: { count: 100, withinMs: 1000 } };
}

const briefly: Episode = (
  { nodes },
  random,
  atMs,
) => [drawRestart(random.pick(nodes), random, atMs)];

const lordBriefly: Episode = ({ nodes }, random, atMs) => [drawRestart(nodes[0], random, atMs)];

/** Several processes at a time, or nearly. */
const together: Episode = ({ nodes }, random, atMs) => {
  const spreadMs = random.pick([0, 50, 500]);
  return some(nodes, random).map((node) =>
    drawRestart(node, random, atMs + random.between(0, spreadMs))
  );
};

/** One after the other, as upgrades are: at once, or after a while. */
const inTurn: Episode = ({ nodes, toleranceMs }, random, atMs) => {
  const pauseMs = random.pick([0.1, 0.5, 2.5]) * toleranceMs;
  return random.shuffled(nodes).map((node, index) => {
    return drawRestart(node, random, atMs + index * pauseMs, ["restart"]);
  });
};

/** A process that ends again and again, also while it listens or takes up again. */
const loop: Episode = ({ nodes, toleranceMs }, random, atMs) => {
  const node = random.chance(0.6) ? nodes[0] : random.pick(nodes);
  let nextMs = atMs;
  return Array.from({ length: random.whole(3, 8) }, () => {
    const fault = drawRestart(node, random, nextMs, ["crash", "crash", "restart", "stop"]);
    nextMs = fault.untilMs + random.pick([0.01, 0.1, 1]) * random.next() * toleranceMs;
    return fault;
  });
};

/** The next start is of another identity, or by other settings. */
const edited: Episode = ({ nodes, toleranceMs }, random, atMs) => {
  const { name, valor, hostName } = random.pick(nodes);
  const change = random.pick<Partial<FileSettings>>([
    { valor: random.pick([5, 15, 25, 35]) },
    { valor: 0 },
    { hostName: hostName === undefined ? `${name}-new` : undefined },
    { toleranceMs: random.pick([3000, 6000, 15_000]) },
    { freqMs: 250 },
    { quorum: random.pick(nodes).quorum + 1 },
    { voters: nodes[0].voters.slice(0, 3), quorum: 2 },
  ]);
  const restart = drawRestart({ name }, random, atMs);
  const backMs = atMs + random.between(0.5, 4) * toleranceMs;
  if (random.chance(0.5)) return [edit(name, atMs, change), restart];
  // Soon after all is as it was.
  const before = { valor, hostName, ...settingsOf(nodes.find((node) => node.name === name)!) };
  return [
    edit(name, atMs, change),
    restart,
    edit(name, backMs, before),
    drawRestart({ name }, random, backMs),
  ];
};

/** The notes are lost while the process is away, or cannot be written before. */
const forgetful: Episode = ({ nodes, toleranceMs }, random, atMs) => {
  const { name } = random.pick(nodes);
  const restart = drawRestart({ name }, random, atMs);
  if (random.chance(0.5)) return [restart, strike("notes lost", name, atMs + 5, 0)];
  const lastsMs = random.between(0.1, 4) * toleranceMs;
  return [strike("disk full", name, atMs - random.between(0, lastsMs), lastsMs), restart];
};

/**
 * The announcements of some nodes are late and come in any order, while others are restarted, maybe
 * just as there is a new lord.
 */
const late: Episode = ({ nodes, toleranceMs }, random, atMs) => {
  const amount = random.between(0.02, 0.5) * toleranceMs;
  const isNewLord = random.chance(0.5);
  const electionMs = isNewLord ? random.between(0.9, 1.4) * toleranceMs : 0;
  const fromMs = atMs + electionMs;
  const lates = some(nodes, random).map(({ name }): Fault => {
    const beginsMs = fromMs - random.between(0, 1) * amount;
    return { ...strike("late", name, beginsMs, random.between(0.5, 2) * toleranceMs), amount };
  });
  const struck = some(nodes, random).map((node) => {
    return drawRestart(node, random, fromMs + random.between(0, 2) * amount);
  });
  const gone = strike("crash", nodes[0].name, atMs, random.between(1.5, 3) * toleranceMs);
  return [...isNewLord ? [gone] : [], ...lates, ...struck];
};

/** Nodes are restarted as the legion is parted: a promise that is forgotten makes two lords. */
const parted: Episode = (day, random, atMs) => {
  const { nodes, toleranceMs } = day;
  const lastsMs = random.between(0.5, 3) * toleranceMs;
  const names = some(nodes, random).map(({ name }) => name);
  const restartMs = atMs + random.between(-0.2, 1.2) * toleranceMs;
  const struck = some(nodes, random).map((node) => {
    return drawRestart(node, random, restartMs + random.between(0, 500));
  });
  return [partition(names, atMs, lastsMs), ...struck];
};

/**
 * A supporter is restarted as a rival seeks its support, maybe twice, and maybe without its notes, or
 * while announcements are late.
 */
const promised: Episode = ({ nodes, toleranceMs }, random, atMs) => {
  const kind = random.pick(["crash", "stop", "stop", "restart"] as const);
  const names = nodes.map(({ name }) => name);
  const faults = drawForgottenPromise(random, { names, troubleMs: 0, toleranceMs }, kind);
  const shifted = faults.map((fault) => {
    return { ...fault, fromMs: fault.fromMs + atMs, untilMs: fault.untilMs + atMs };
  });
  const { nodes: [name], fromMs, untilMs } = shifted.at(-1)!;
  const lostMs = fromMs + random.between(0, 5);
  if (random.chance(0.3)) shifted.push(strike("notes lost", name, lostMs, 0));
  if (random.chance(0.3)) {
    shifted.push(drawRestart({ name }, random, untilMs + random.between(0, 500)));
  }
  if (random.chance(0.3)) {
    const amount = random.between(0.02, 0.3) * toleranceMs;
    const lastsMs = random.between(1, 2) * amount;
    const { name } = random.pick(nodes);
    shifted.push({ ...strike("late", name, fromMs - random.next() * amount, lastsMs), amount });
  }
  return shifted;
};

const episodes: readonly Episode[] = [
  briefly,
  briefly,
  lordBriefly,
  lordBriefly,
  together,
  inTurn,
  loop,
  edited,
  forgetful,
  late,
  parted,
  promised,
  promised,
];

/** An end and a start again, as fast as a supervisor is, or after some time. */
function drawRestart(
  { name }: Pick<NodePlan, "name">,
  random: Random,
  atMs: number,
  kinds: readonly RestartKind[] = ["crash", "crash", "restart", "restart", "stop"],
): Fault {
  const isLong = random.chance(0.1);
  const lastsMs = isLong ? random.between(600, 8000) : random.between(100, 600);
  return strike(random.pick(kinds), name, atMs, lastsMs);
}

/** Some nodes, at least one. */
function some(nodes: readonly NodePlan[], random: Random): readonly NodePlan[] {
  return random.shuffled(nodes).slice(0, random.whole(1, nodes.length));
}

function settingsOf({ voters, quorum, freqMs, toleranceMs }: NodePlan): Partial<FileSettings> {
  return { voters, quorum, freqMs, toleranceMs };
}
