import { type Fault, oneWayCut, reload, strike } from "../scenario.ts";
import { drawCount, type Family, nodesAlike } from "./family.ts";

/**
 * Nodes behind NAT, whose datagrams come from ever other addresses, take new uuids again and again,
 * and their farewells are lost.
 */
export const nat: Family = (day, random) => {
  const alike = nodesAlike(day, random, drawCount(random));
  const nodes = alike.map((node, index) => ({
    ...node,
    sources: Array.from({ length: 6 }, (_, port) => `192.0.2.${index + 1}:${40_000 + port}`),
  }));
  // Some nodes learn their own entry of the list late.
  const late = nodes.filter(() => random.chance(0.2)).map(({ name }) => name);
  const faults: Fault[] = [];
  for (const { name, node } of nodes) {
    const atMs = random.between(0, 4) * day.toleranceMs;
    if (late.includes(name)) faults.push(reload(name, atMs, { node }));
    if (random.chance(0.6)) faults.push(strike("farewells lost", name, 0, 60_000));
    for (let times = random.whole(0, 4); times > 0; times--) {
      const kind = random.pick(["drain", "check fails", "crash", "stop"] as const);
      const lastsMs = random.between(0.01, 0.5) * day.toleranceMs;
      faults.push(strike(kind, name, random.between(1, 10) * day.toleranceMs, lastsMs));
    }
    const { name: other } = random.pick(nodes);
    const fromMs = random.between(2, 8) * day.toleranceMs;
    const lastsMs = random.between(0.5, 3) * day.toleranceMs;
    if (random.chance(0.5)) faults.push(oneWayCut(name, other, fromMs, lastsMs));
  }
  const started = nodes.map((node) =>
    late.includes(node.name) ? { ...node, node: undefined } : node
  );
  return { ...day, nodes: started, faults: [...faults, ...day.faults.slice(0, 3)] };
};
