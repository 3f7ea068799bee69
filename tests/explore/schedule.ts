import { type Deviation, nameOf, readDeviation } from "./deviation.ts";
import { type Setting, settingOf } from "./setting.ts";

/** A setting, and the deviations from its calm course. */
export interface Schedule {
  readonly setting: Setting;
  readonly deviations: readonly Deviation[];
}

/** The name of a schedule, by which it is played again: `alike 12:cut a>b 4, 31:kill b`. */
export function scheduleName({ setting, deviations }: Schedule): string {
  return `${setting.name} ${deviations.map(nameOf).join(", ")}`.trimEnd();
}

/**
 * Reads the name of a schedule.
 *
 * @throws Error when it names no setting, no deviation, or a node that is not there
 */
export function readSchedule(name: string): Schedule {
  const [first, ...rest] = name.trim().split(" ");
  const setting = settingOf(first);
  const deviations = rest.length === 0 ? [] : rest.join(" ").split(",").map(readDeviation);
  for (const { of } of deviations) {
    for (const letter of of.split(/[>-]/)) {
      if (setting.nodes.some((node) => node.name === letter)) continue;
      throw new Error(`the setting ${setting.name} has no node ${letter}`);
    }
  }
  return { setting, deviations };
}
