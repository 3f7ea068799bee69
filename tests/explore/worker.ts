import { type Code, loadCode } from "./code.ts";
import type { Deviation } from "./deviation.ts";
import { explore, type Outcome } from "./explore.ts";
import { settingOf } from "./setting.ts";

/** A piece of work: to explore the schedules of a setting that begin with one deviation. */
export interface Task {
  /** The address of the code; undefined: the shipped one. */
  readonly url?: string;
  /** The name of the setting. */
  readonly setting: string;
  /** The deviation. */
  readonly first: Deviation;
  /** Whether to try it alone only. */
  readonly alone: boolean;
}

/** The answer to a task. */
export type Answer = Outcome;

declare const self: Worker;

const codes = new Map<string | undefined, Promise<Code>>();

self.onmessage = async ({ data: { url, setting, first, alone } }: MessageEvent<Task>) => {
  const loaded = codes.get(url) ?? loadCode(url);
  codes.set(url, loaded);
  self.postMessage(explore(settingOf(setting), await loaded, first, { alone }));
};
