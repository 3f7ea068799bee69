import type { LegionConfig } from "./config.ts";
import { quorumFault, quorumWarning } from "./quorum.ts";

// The announcements that a node may lose in a row before it is taken for dead (LEASE.md, rule 5).
const periods = 3;

// The highest valor that uWSGI keeps whole: it has 16 bits for one.
const highestOfUwsgi = 65_535;

/** The warnings for a legion's settings that are allowed and unwise, with file and line. */
export function warningsOfElection(legion: LegionConfig): string[] {
  const { file, line, name } = legion;
  const warnings = [
    ofQuorum(legion),
    ofList(legion),
    ofOwnEntry(legion),
    ofValor(legion),
    ofFailback(legion),
    ofTolerance(legion),
    ofLeader(legion),
  ];
  return warnings.filter((warning) => warning !== undefined)
    .map((warning) => `${file}:${line}: legion ${name}: ${warning}`);
}

function ofQuorum(legion: LegionConfig): string | undefined {
  const fault = quorumFault(legion);
  return fault && quorumWarning(fault);
}

function ofList({ voters, lease }: LegionConfig): string | undefined {
  if (voters.length > 0 || lease === "off") return undefined;
  return "its nodes are not listed, so there is no lease, and two may be lord at one instant: right " +
    "would be a legion-node line for each node, this one too";
}

function ofOwnEntry({ name, voters, node, lease }: LegionConfig): string | undefined {
  if (node !== undefined || voters.length === 0 || lease === "off") return undefined;
  return "which of the listed nodes is this one is not known (yet), since not exactly one of them is " +
    `on this machine; until it is, this node votes for nobody: legion-address = ${name} HOST:PORT`;
}

function ofValor({ valor, lease, authSecret }: LegionConfig): string | undefined {
  // uWSGI's nodes can be members only with neither of these.
  if (valor <= highestOfUwsgi || lease === "on" || authSecret !== undefined) return undefined;
  return `the valor ${valor} is above ${highestOfUwsgi}: uWSGI nodes take it for ` +
    `${valor % (highestOfUwsgi + 1)}, and never agree with this one`;
}

function ofFailback({ valor, voters, failback }: LegionConfig): string | undefined {
  if (failback.kind === "immediate") return undefined;
  if (valor === 0) {
    return "legion-failback does nothing at an arbiter, which takes no title: it is for the nodes " +
      "that return, those of the higher valors";
  }
  if (voters.length === 1) return "legion-failback does nothing at a lone node";
}

function ofTolerance({ toleranceMs, freqMs }: LegionConfig): string | undefined {
  if (toleranceMs >= periods * freqMs) return undefined;
  return `legion-tolerance is ${toleranceMs / 1000} s, less than three times legion-freq: a lost ` +
    "datagram or two may cost a lord its title";
}

function ofLeader({ checks, deathOnLordErrorMs }: LegionConfig): string | undefined {
  const check = checks.find(({ leader }) => leader);
  if (check === undefined || deathOnLordErrorMs === 0) return undefined;
  return `where a lord hook fails, legion-death-on-lord-error leaves nobody for ` +
    `${deathOnLordErrorMs / 1000} s, since the check ${check.name} lets nobody else be lord ` +
    "(leader=1): right would be to leave it out";
}
