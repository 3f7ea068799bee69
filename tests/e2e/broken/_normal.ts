import type { Stage } from "./_stage.ts";

/** A text without what differs from run to run: times, folders, ports, processes. */
export function normal(text: string, { folder, robot }: Pick<Stage, "folder" | "robot">): string {
  return text
    .replaceAll(folder, "DIR")
    .replaceAll(new URL(robot.url).host, "ROBOT")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME")
    .replaceAll(/\b(for|since) \d+ (s|min)\b/g, "$1 SOME s")
    // A clock that is an hour off, as far as datagrams are on their way.
    .replaceAll(/\b(3599|360[0-9]) s\b/g, "3600 s")
    .replaceAll(/ \(valor \d+, uuid [\da-f-]+\)/g, "")
    .replaceAll(/\battempt \d+/g, "attempt N")
    .replaceAll(/\bdeno, \d+/g, "deno, PID");
}
