import type { Scenario } from "./scenario.ts";

/** A day's settings, for the head of its transcript. */
export function describe(scenario: Scenario): string {
  const { seed, family, nodes, hookMs, toleranceMs, latencyMs, deathOnLordErrorMs } = scenario;
  const each = nodes.map((node) => {
    const { name, valor, lease, quorum, releaseMs, freqMs, voters, failback } = node;
    return `  ${name} valor ${valor}, ${lease}, quorum ${quorum} of ${voters.length}, freq ${freqMs}` +
      ` tolerance ${node.toleranceMs} release ${releaseMs.toFixed(0)} ms, ${failback.kind}${
        node.remembers ? ", remembers" : ""
      }`;
  });
  return `seed ${seed}, ${family}: measure ${toleranceMs} ms, hooks up to ${hookMs} ms, ` +
    `death-on-lord-error ${deathOnLordErrorMs.toFixed(0)} ms, latency ${latencyMs} ms\n` +
    each.join("\n");
}
