import { kindOf } from "../base/action_kind.ts";
import type { LegionConfig } from "./config.ts";
import type { ActionKinds } from "./hook.ts";
import { majorityOf } from "./voters.ts";
import type { ConfigSources } from "./_lines.ts";

/** The warnings for settings that are allowed but unwise, one sentence each, with file and line. */
export function warningsOf(legion: LegionConfig, kinds: ActionKinds): string[] {
  return [...warningsOfElection(legion), ...warningsOfHooks(legion, kinds)];
}

/**
 * The warnings for files with secrets that all users of the machine may read.
 *
 * @param files the paths, each with a name for messages: a path itself may hold a secret
 */
export function warningsOfFiles(
  files: ReadonlyMap<string, string>,
  { isPublic }: Pick<ConfigSources, "isPublic">,
): string[] {
  return [...files].filter(([path]) => isPublic(path)).map(([, name]) =>
    `${name}: all users of this machine may read it; if it holds a secret: chmod o= FILE`
  );
}

// The announcements that a node may lose in a row before it is taken for dead (LEASE.md, rule 5).
const periods = 3;

function warningsOfElection(legion: LegionConfig): string[] {
  const { file, line, name, quorum, voters, freqMs, toleranceMs, lease } = legion;
  const place = `${file}:${line}: legion ${name}`;
  const warnings: string[] = [];
  const nodeCount = voters.length === 0 ? undefined : voters.length;
  if (quorum === 0 && nodeCount !== 1) {
    const right = nodeCount === undefined
      ? ""
      : `: legion-quorum = ${name} ${majorityOf(nodeCount)}`;
    warnings.push(`${place}: without legion-quorum each of two halves may have a lord${right}`);
  } else if (nodeCount !== undefined && nodeCount > 1 && quorum < majorityOf(nodeCount)) {
    const right = `legion-quorum = ${name} ${majorityOf(nodeCount)}`;
    warnings.push(
      `${place}: legion-quorum is ${quorum}, at most half of its ${nodeCount} nodes: each of two ` +
        `halves may have a lord: ${right}`,
    );
  }
  if (nodeCount === undefined && quorum > 0 && lease === "auto") {
    warnings.push(
      `${place}: how many nodes a group has is not known, so there is no lease; where the quorum ` +
        `is more than half of them: legion-lease = ${name} on`,
    );
  }
  if (toleranceMs < periods * freqMs) {
    warnings.push(
      `${place}: legion-tolerance is ${toleranceMs / 1000} s, less than three times legion-freq: ` +
        "a lost datagram or two may cost a lord its title",
    );
  }
  return warnings;
}

function warningsOfHooks({ hooks }: LegionConfig, kinds: ActionKinds): string[] {
  return hooks.flatMap(({ file, line, action }) =>
    kindOf(action, kinds).warnings(action.settings).map((warning) =>
      `${file}:${line}: ${action.kind}: ${warning}`
    )
  );
}
