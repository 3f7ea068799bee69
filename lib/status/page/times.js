// @ts-check
import { h } from "./describe.js";

/**
 * A duration in words, of two units at most: `2 d 3 h`.
 *
 * @param {number} seconds
 * @returns {string}
 */
export function duration(seconds) {
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 7_200) return `${Math.floor(whole / 60)} min`;
  return whole < 172_800
    ? twoUnits(whole, 3_600, "h", 60, "min")
    : twoUnits(whole, 86_400, "d", 3_600, "h");
}

/**
 * @param {number} seconds
 * @param {number} great
 * @param {string} greatUnit
 * @param {number} small
 * @param {string} smallUnit
 */
function twoUnits(seconds, great, greatUnit, small, smallUnit) {
  const rest = Math.floor(seconds % great / small);
  const first = `${Math.floor(seconds / great)} ${greatUnit}`;
  return rest === 0 ? first : `${first} ${rest} ${smallUnit}`;
}

/**
 * A point of time as the clock of the reader tells it, with the day unless it is today.
 *
 * @param {number} time in wall clock seconds
 * @param {number} now in wall clock seconds
 * @returns {string}
 */
export function clock(time, now) {
  const at = new Date(time * 1000);
  if (Number.isNaN(at.getTime())) return "?";
  const isToday = at.toDateString() === new Date(now * 1000).toDateString();
  const day = isToday ? "" : `${at.toLocaleDateString([], { day: "numeric", month: "short" })}, `;
  return `${day}${at.toLocaleTimeString([], { hourCycle: "h23" })}`;
}

/**
 * An element that tells a point of time; a person that points at it learns it to the second.
 *
 * @param {number} time in wall clock seconds
 * @param {string} text
 * @returns {import("./describe.js").Content}
 */
export function timeElement(time, text) {
  const at = new Date(time * 1000);
  // A time of another node can be any number.
  if (Number.isNaN(at.getTime())) return text;
  return h("time", { datetime: at.toISOString(), title: at.toLocaleString() }, text);
}

/**
 * How long ago something was: `9 min ago`. The last seconds are `just now`, so that what goes on all
 * the time does not flicker.
 *
 * @param {number} time in wall clock seconds
 * @param {number} now in wall clock seconds
 * @returns {import("./describe.js").Content}
 */
export function ago(time, now) {
  const seconds = Math.floor(now - time);
  return timeElement(time, seconds < 5 ? "just now" : `${duration(seconds)} ago`);
}

/**
 * For how long something has been so: `9 min`.
 *
 * @param {number} time in wall clock seconds
 * @param {number} now in wall clock seconds
 * @returns {import("./describe.js").Content}
 */
export function since(time, now) {
  return timeElement(time, duration(Math.max(0, Math.floor(now - time))));
}
