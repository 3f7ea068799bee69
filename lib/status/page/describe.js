// @ts-check
// Texts come from outside, such as names of nodes: a description holds them as text, never as HTML.

/**
 * A wanted element: its tag, attributes, children, and a key that tells it from its siblings.
 *
 * @typedef {object} Description
 * @property {string} tag
 * @property {Readonly<Record<string, string>>} attributes those that begin with `--` are properties
 *   of its style
 * @property {string} key empty: its place among its siblings tells it from them
 * @property {readonly Content[]} children
 */

/**
 * A child: an element, a text, or nothing, which keeps the places of those behind it.
 *
 * @typedef {Description | string | number | null | undefined | false} Content
 */

/**
 * Describes an element.
 *
 * @param {string} tag the tag, with classes: `p.finding.critical`
 * @param {Readonly<Record<string, string>>} attributes its attributes; `key` is no attribute, but
 *   tells the element from its siblings
 * @param {readonly Content[]} children its children, in their order
 * @returns {Description}
 */
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const { key = "", ...rest } = attributes;
  const named = classes.length === 0 ? rest : { class: classes.join(" "), ...rest };
  return { tag: name, attributes: named, key, children };
}

// The same characters as in lib/base/printable.ts: those that could turn the direction of writing.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/gu;

/**
 * A text with escapes for the characters that no person should get.
 *
 * @param {string} text
 * @returns {string}
 */
export function printable(text) {
  return text.replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
