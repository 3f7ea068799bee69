import type { LegionConfig } from "../../lib/config/config.ts";
import { type Clock, systemClock } from "../../lib/base/clock.ts";
import { LegionRunner } from "../../lib/node/legion_runner.ts";
import type { Open } from "../../lib/node/patient_transport.ts";
import type { Memory } from "../../lib/node/memory/memory.ts";
import { openUdp } from "../../lib/node/transport.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";

/** A runner whose log can be waited for. */
export async function bind(
  config: LegionConfig,
  name = "a",
  open: Open = openUdp,
  changed: (standing: string) => void = () => {},
  clock: Clock = systemClock,
  told: (message: string) => void = () => {},
  localHosts: () => readonly string[] = () => [],
  memory?: Memory,
) {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const log = (level: string, message: string) => {
    lines.push(`${level} ${message}`);
    for (const look of [...waiting]) look();
    told(message);
  };
  const runner: LegionRunner = await LegionRunner.bind({
    changed: () => changed(runner.standing),
    config,
    name,
    pid: 7,
    clock,
    log,
    guard: new AccountGuard(),
    localHosts,
    memory,
    open,
  });
  const logged = async (pattern: RegExp, patienceMs = 10_000) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => lines.some((line) => pattern.test(line)) && resolve();
    const late = () => {
      reject(new Error(`no line ${pattern} within ${patienceMs} ms:\n${lines.join("\n")}`));
    };
    const timer = setTimeout(late, patienceMs);
    waiting.add(look);
    look();
    await promise.finally(() => clearTimeout(timer));
    waiting.delete(look);
  };
  return { runner, lines, logged };
}
