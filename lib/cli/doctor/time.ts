import type { Stats } from "../../status/report.ts";
import { type Answer, note, ok, unknown, wrong } from "./answer.ts";
import type { AskTool } from "./tool.ts";

const what = "time";

/** Whether the clock of this machine is synchronised, as far as its tools tell. */
export async function timeAnswers(ask: AskTool): Promise<Answer[]> {
  const told = await ask("timedatectl", "show", "-p", "NTPSynchronized", "-p", "NTP");
  if (told.kind === "said" && /^NTPSynchronized=/m.test(told.out)) {
    if (/^NTPSynchronized=yes$/m.test(told.out)) return [synchronised];
    const remedy = /^NTP=yes$/m.test(told.out)
      ? "timedatectl timesync-status"
      : "timedatectl set-ntp true";
    return [note(what, "this server's clock is not synchronised", { remedy, topic: "clock" })];
  }
  const chrony = await ask("chronyc", "-n", "tracking");
  if (chrony.kind === "said" && /^Leap status/m.test(chrony.out)) {
    if (!/^Leap status\s*: Not synchronised/m.test(chrony.out)) return [synchronised];
    const remedy = "chronyc -n sources";
    return [note(what, "this server's clock is not synchronised", { remedy, topic: "clock" })];
  }
  return [unknown(what, "neither timedatectl nor chronyc tells whether the clock is synchronised")];
}

const synchronised = ok(what, "this server's clock is synchronised");

// From this pace on a clock is not right, and from that on a lease does not hold (LEASE.md, rule 5).
const badPercent = 1;
const brokenPercent = 10;

/** The members whose clocks run at another pace than this node's, whatever time they show. */
export function paceAnswers({ legions }: Pick<Stats, "legions">): Answer[] {
  const members = new Map(
    legions.flatMap(({ members }) => members).map((member) => {
      return [member.name, member.clock_pace_percent ?? 0];
    }),
  );
  return [...members].filter(([, pace]) => Math.abs(pace) >= badPercent).map(([name, pace]) => {
    const percent = `${Math.abs(pace)} % ${pace > 0 ? "faster" : "slower"}`;
    const so = Math.abs(pace) >= brokenPercent
      ? "two may be lord at once"
      : `from ${brokenPercent} % on two may be lord at once`;
    const why = `the clock of ${name} runs at least ${percent} than this server's: ${so}`;
    return wrong(what, why, { remedy: "timedatectl timesync-status", topic: "clock" });
  });
}
