import { isoSeconds } from "../base/iso_seconds.ts";
import type { StandBack } from "./report.ts";

/** A reason why a node stands back in words, with its end where that is known. */
export function standsBackText({ why, until }: StandBack): string {
  return until > 0 ? `${why}, until ${isoSeconds(until)}` : why;
}
