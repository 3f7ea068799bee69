import type { HelpTopic } from "../base/help_topic.ts";

/**
 * The troubles that lines of the log tell of, by what the lines say; of several the first counts. A
 * test holds that the program says each of these.
 */
export const sayings: readonly (readonly [saying: string, topic: HelpTopic])[] = [
  ["which is another node", "wrong-target"],
  ["which is on no interface here", "wrong-target"],
  [" knows this server as ", "wrong-target"],
  [" is on no interface here: ", "address-missing"],
  [": there is never a lord", "no-quorum"],
  ["its lease has run out", "no-quorum"],
  ["no connection", "takeover-fails"],
  ["the certificate does not verify", "takeover-fails"],
  ["FAILOVER_NEW_SERVER_NOT_FOUND", "wrong-target"],
  ["UNAUTHORIZED", "login-refused"],
  ["LOGIN_OR_BLOCK", "login-refused"],
  ["correct it, then: failover resume", "login-refused"],
  ["no quorum: ", "no-quorum"],
  ["was silent for ", "node-silent"],
  ["another secret", "secret"],
  ["by the clocks", "clock"],
  ["cannot send to ", "cannot-send"],
  [" has the same valor ", "same-valor"],
  [" if it is a uWSGI node", "nodes-differ"],
  ["legion-lease is off here", "no-guarantee"],
  ["this node is the lord", "address-elsewhere"],
  ["is presumed to point to", "address-elsewhere"],
  ["could not be taken ", "takeover-fails"],
  [" points is not known", "takeover-fails"],
  ["try later", "takeover-fails"],
  ["stands back: ", "stands-back"],
  [" hook ", "hook-failed"],
  [" hooks ", "hook-failed"],
  [" fails: ", "check-fails"],
  ["this process did not run for ", "process-stopped"],
  ["the watchdog is not fed", "process-stopped"],
  ["cannot listen on ", "cannot-listen"],
  ["this node waits for it", "cannot-listen"],
  [" cannot be kept: ", "memory"],
  [" is not used: ", "memory"],
  [" is outdated and cannot be removed", "memory"],
  ["everything stays as it was", "not-read-anew"],
];

/** The trouble that a line of the log tells of; undefined: the manual has no entry about it. */
export function topicOf(message: string): HelpTopic | undefined {
  return sayings.find(([saying]) => message.includes(saying))?.[1];
}
