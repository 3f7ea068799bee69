/**
 * The troubles that the manual has an entry about (lib/manual/troubleshooting.md). Findings of the
 * status and lines of the log name one of them: `failover help NAME` says what it is, why it comes
 * about, and what to type.
 */
export const helpTopics = [
  "two-lords",
  "no-lord",
  "title-lost",
  "no-quorum",
  "quorum-just-met",
  "node-silent",
  "heard-one-way",
  "secret",
  "datagrams-dropped",
  "clock",
  "nodes-differ",
  "doubled",
  "same-valor",
  "no-guarantee",
  "just-started",
  "stands-back",
  "login-refused",
  "takeover-fails",
  "address-elsewhere",
  "wrong-target",
  "address-missing",
  "address-on-device",
  "hook-failed",
  "check-fails",
  "memory",
  "process-stopped",
  "cannot-listen",
  "cannot-send",
  "group-not-heard",
  "config-line",
  "not-read-anew",
  "node-sockets",
  "service-manager",
  "program-mistake",
  "no-answer",
] as const;

/** One of {@link helpTopics}. */
export type HelpTopic = typeof helpTopics[number];
