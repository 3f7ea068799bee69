import type { HookStats, LegionStats } from "./report.ts";

/**
 * The hooks whose last run failed, as far as that still matters. A lord hook's failure is over once
 * another node is lord, and this node may be lord again; an unlord hook's once this node is lord
 * again. The failure of a hook whose address has come to its place all the same is over, too. Any
 * other lasts until the hook succeeds, or the configuration no longer has it. A hook that was broken
 * off has not failed.
 */
export function failedHooks(legion: LegionStats): HookStats[] {
  return legion.hooks.filter((hook) =>
    hook.result !== "ok" && hook.result !== "aborted" && !isOver(hook, legion)
  );
}

function isOver(
  { event, mended }: HookStats,
  { state, name, lords, stands_back }: LegionStats,
): boolean {
  if (mended) return true;
  if (event === "unlord") return state === "lord";
  if (event !== "lord") return false;
  return lords.some((lord) => lord !== name) && state !== "lord" &&
    !stands_back.some(({ kind }) => kind === "hook failed");
}
