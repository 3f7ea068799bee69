// @ts-check
import { h } from "./describe.js";

// Each icon has a shape of its own, for those who do not tell its colour, and on whom it is small.
const shapes = {
  good: [
    `<circle cx="16" cy="16" r="15" fill="#0b7a3e"/>`,
    `<path d="M9 16.5l5 5 9-11" fill="none" stroke="#fff" stroke-width="3.5"/>`,
  ],
  warning: [
    `<path d="M16 2L31 29H1z" fill="#e09b00" stroke="#e09b00" stroke-linejoin="round"/>`,
    `<path d="M16 11v9m0 3v3.5" fill="none" stroke="#1c1400" stroke-width="3.5"/>`,
  ],
  critical: [
    `<path d="M10 1h12l9 9v12l-9 9H10l-9-9V10z" fill="#b3261e"/>`,
    `<path d="M10.5 10.5l11 11m0-11l-11 11" fill="none" stroke="#fff" stroke-width="3.5"/>`,
  ],
  unknown: [
    `<rect x="1" y="1" width="30" height="30" rx="4" fill="#56657a"/>`,
    `<path d="M11.5 12.5c0-6 9.5-6 9.5-.5 0 4-4.7 4-4.7 7.5m0 3v3.5" fill="none" ` +
    `stroke="#fff" stroke-width="3.2"/>`,
  ],
};

/**
 * The names of the icons.
 *
 * @typedef {keyof typeof shapes} Icon
 */

/**
 * The address of an icon, which holds the icon: nothing is asked of any server.
 *
 * @param {Icon} name
 * @returns {string}
 */
export function iconUrl(name) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${
    shapes[name].join("")
  }</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/**
 * An icon in a text.
 *
 * @param {Icon} name
 * @param {string} alt the icon in a word; empty: the text beside it says the same
 * @returns {import("./describe.js").Content}
 */
export function icon(name, alt = "") {
  return h("img.icon", { src: iconUrl(name), alt });
}
