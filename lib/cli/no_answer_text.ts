import type { NoNode } from "../node/control_client.ts";

/** The reason why no node answers, with the topic that says more; a missing right needs none. */
export function noAnswerText({ message, isForbidden }: NoNode): string {
  return isForbidden ? message : `${message} (failover help no-answer)`;
}
