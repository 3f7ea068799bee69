import { floatingIpProvider, type FloatingIpSettings } from "../../lib/hcloud/floating.ts";
import { forgetIds } from "../../lib/hcloud/_known_ids.ts";
import type { CloudSimulator } from "../../lib/hcloud/simulator.ts";
import { moveAddress, type MoveRun } from "../../lib/move/move_address.ts";
import { tokens } from "../lab/cloud.ts";

/** The settings of `131.232.99.1`, as a process that has just begun has them: nothing is known. */
export function settingsFor(
  cloud: CloudSimulator,
  changed: Partial<FloatingIpSettings> = {},
): FloatingIpSettings {
  forgetIds();
  return {
    url: cloud.url,
    token: tokens.project,
    timeoutMs: 10_000,
    deadlineMs: 60_000,
    metadata: cloud.metadataUrl,
    ip: "11",
    by: "id",
    server: "43",
    ...changed,
  };
}

/** Moves the address of the settings to their server. */
export async function takeover(settings: FloatingIpSettings, run?: MoveRun) {
  return await moveAddress(floatingIpProvider(settings), settings.server, run);
}

/** A clock that only waits move, and what was waited for. */
export function virtualTime(onWait: (waited: number) => void = () => {}) {
  let nowMs = 0;
  const waits: number[] = [];
  const run: MoveRun = {
    now: () => nowMs,
    random: () => 0,
    wait: (ms, { signal }) => {
      signal?.throwIfAborted();
      nowMs += ms;
      waits.push(ms);
      onWait(waits.length);
      return Promise.resolve();
    },
  };
  return { run, waits };
}

/** The requests of a Cloud from one on, without their replies, and with ids for names. */
export function requestsOf(cloud: CloudSimulator, from = 0): string[] {
  return cloud.requests.slice(from).map(({ method, path }) => `${method} ${path}`);
}
