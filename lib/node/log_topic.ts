import type { HelpTopic } from "../base/help_topic.ts";

/**
 * The troubles that lines of the log tell of, by what the lines say; of several the first counts. A
 * test holds that the program says each of these.
 */
export const sayings: readonly (readonly [saying: string | RegExp, topic: HelpTopic])[] = [
  [/\bcheck .* fails: /, "check-fails"],
  ["it says that it ", "doubled"],
  ["this legion runs at this address already", "doubled"],
  ["which is another node", "wrong-target"],
  ["which is on no interface here", "wrong-target"],
  [" knows this server as ", "wrong-target"],
  [" is on no interface here: ", "address-missing"],
  [": there is never a lord", "no-quorum"],
  ["its lease has run out", "no-quorum"],
  ["failover status does not find this node", "node-sockets"],
  ["this node cannot be drained", "node-sockets"],
  [", for all who reach it", "node-sockets"],
  ["a connection could not be accepted", "node-sockets"],
  // Each line about such an address begins with its name.
  [/(?:^|\s)[0-9a-f.:]+\/\d+ on \S+: /, "address-on-device"],
  ["the proxy cannot be used: ", "config-line"],
  ["no connection", "takeover-fails"],
  ["the certificate does not verify", "takeover-fails"],
  ["FAILOVER_NEW_SERVER_NOT_FOUND", "wrong-target"],
  ["UNAUTHORIZED", "login-refused"],
  ["LOGIN_OR_BLOCK", "login-refused"],
  ["correct it, then: failover resume", "login-refused"],
  ["no quorum: ", "no-quorum"],
  ["was silent for ", "node-silent"],
  ["another secret", "secret"],
  ["its mac is missing or wrong", "secret"],
  ["by the clocks", "clock"],
  ["cannot send to ", "cannot-send"],
  [" has the same valor ", "same-valor"],
  [" if it is a uWSGI node", "nodes-differ"],
  ["and legion-lease is on here", "nodes-differ"],
  ["legion-lease is off here", "no-guarantee"],
  ["dropped a datagram from ", "datagrams-dropped"],
  ["this node is the lord", "address-elsewhere"],
  ["is presumed to point to", "address-elsewhere"],
  ["could not be taken ", "takeover-fails"],
  [" points is not known", "takeover-fails"],
  [" points is not looked at for now", "takeover-fails"],
  ["a look at an action failed", "takeover-fails"],
  ["; not had: ", "takeover-fails"],
  [/\b(?:GET|POST|PUT|PATCH|DELETE|look|assign|change_alias_ips): \w+: /, "takeover-fails"],
  ["try later", "takeover-fails"],
  ["stands back as an arbiter", "stands-back"],
  ["this node is no longer the lord", "title-lost"],
  ["this node does not take up again", "title-lost"],
  ["the lord hooks have ended too late", "title-lost"],
  [/aborting the .* hooks: /, "title-lost"],
  [" hook ", "hook-failed"],
  ["a command does not end", "hook-failed"],
  ["a command cannot be ended", "hook-failed"],
  ["this process did not run for ", "process-stopped"],
  ["the watchdog is not fed", "process-stopped"],
  ["the service manager cannot be told anything", "service-manager"],
  ["a mistake in this program", "program-mistake"],
  ["this node takes leave, and ends", "program-mistake"],
  [" is not heard: it is joined anew", "group-not-heard"],
  ["cannot listen on ", "cannot-listen"],
  ["this node waits for it", "cannot-listen"],
  [" cannot be kept: ", "memory"],
  [" is not used: ", "memory"],
  [" is outdated and cannot be removed", "memory"],
  ["not read anew: ", "not-read-anew"],
  ["everything stays as it was", "not-read-anew"],
  // The warnings of the configuration; those of no line of it by their words.
  [" needs a restart", "config-line"],
  ["all users of this machine may read it", "config-line"],
  ["only root can run hooks as another user", "config-line"],
  [/(?:^|\s)[^\s[\]]*[^\s:\d][^\s[\]]*:\d+: /, "config-line"],
];

/** The trouble that a line of the log tells of; undefined: the manual has no entry about it. */
export function topicOf(message: string): HelpTopic | undefined {
  return sayings.find(([saying]) =>
    typeof saying === "string" ? message.includes(saying) : saying.test(message)
  )?.[1];
}
