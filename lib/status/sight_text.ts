import { ageText } from "./age_text.ts";
import { pointsTo } from "./points_to.ts";
import type { AddressStats } from "./address_stats.ts";

/**
 * Says where an address points, when and by whom that was seen, and whether it may be old: `4.4.4.4
 * pointed to 2.2.2.2, seen 9 min ago by this node, before server-1 took over`. Of an address that
 * was never seen, and in the status of an older node, less is said.
 *
 * @param name the name of the node whose status it is
 * @param nowSeconds the wall clock, in seconds since 1970
 */
export function sightText(
  address: AddressStats,
  { name }: { readonly name: string },
  nowSeconds: number,
): string {
  const { ip, seen, seen_by = "", taken_over_by = "" } = address;
  if (seen === 0) return `${ip}: not seen yet`;
  const to = pointsTo(address);
  const where = `${taken_over_by === "" ? "points" : "pointed"} ${to ? `to ${to}` : "nowhere"}`;
  const nodeText = (node: string) => node === name ? "this node" : node;
  const by = seen_by === "" ? "" : ` by ${nodeText(seen_by)}`;
  const before = taken_over_by === "" ? "" : `, before ${nodeText(taken_over_by)} took over`;
  return `${ip} ${where}, seen ${ageText(nowSeconds - seen)} ago${by}${before}`;
}
