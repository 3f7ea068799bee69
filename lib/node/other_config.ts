import { configMark } from "../legion/config_mark.ts";
import { majorityOf } from "../config/voters.ts";

/** A list of voters and a quorum. */
export interface Electorate {
  /** The listed nodes, `host:port` in normal form, sorted. */
  readonly voters: readonly string[];
  /** Votes needed for a lord. */
  readonly quorum: number;
}

// Words that have been found, by the marks of both sides; not all, since marks come from outside.
const known = new Map<string, string>();
const mostKnown = 256;

// The work grows with the square of the list, and with the nodes that may be in another one.
const maxVoters = 64;
const maxUnlisted = 8;

const unknown = "it has another list of nodes or another legion-quorum";

/**
 * The way in which another list and quorum differ from these, in words. A mark tells only that they
 * do (LEASE.md, "On the wire"), so the likely ones are tried: another quorum, a node less, a node
 * more.
 *
 * @param mark the mark of the other list and quorum; empty: none was announced
 * @param unlisted nodes that the other list may have besides, `host:port` in normal form
 */
export function otherConfigText(
  mark: string,
  own: Electorate,
  unlisted: readonly string[],
): string {
  if (mark === "") return "it names no list of nodes: it has none, or may be two processes";
  if (own.voters.length > maxVoters) return unknown;
  const likely = unlisted.slice(0, maxUnlisted);
  const key = [mark, configMark(own.voters, own.quorum), ...likely].join(" ");
  const text = known.get(key) ?? differenceText(mark, own, likely);
  if (known.size >= mostKnown) known.clear();
  known.set(key, text);
  return text;
}

function differenceText(mark: string, own: Electorate, unlisted: readonly string[]): string {
  const { voters, quorum } = own;
  for (let other = 0; other <= voters.length + 1; other++) {
    if (configMark([...voters], other) !== mark) continue;
    return `its legion-quorum is ${other}, this node's ${quorum}`;
  }
  for (const lacking of voters) {
    const other = quorumOf(mark, voters.filter((voter) => voter !== lacking), quorum);
    if (other !== undefined) return `its list lacks ${lacking}${andQuorum(other, quorum)}`;
  }
  for (const more of unlisted) {
    const other = quorumOf(mark, [...voters, more].sort(), quorum);
    if (other !== undefined) return `its list has ${more} besides${andQuorum(other, quorum)}`;
  }
  return unknown;
}

/** The quorum with which a list has that mark; undefined: none of the likely ones. */
function quorumOf(mark: string, voters: readonly string[], quorum: number): number | undefined {
  return [quorum, majorityOf(voters.length)].find((likely) =>
    configMark([...voters], likely) === mark
  );
}

function andQuorum(other: number, own: number): string {
  return other === own ? "" : `, and its legion-quorum is ${other}, this node's ${own}`;
}
