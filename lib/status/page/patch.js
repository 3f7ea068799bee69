import { printable } from "./describe.js";

/** The key of each node made here. @type {WeakMap<Node, string>} */
const keys = new WeakMap();

/**
 * Makes the children of an element those described. A child that is there already is kept and
 * changed in place, so that what a person has selected, scrolled to or opened stays.
 *
 * @param {Element} parent
 * @param {readonly import("./describe.js").Content[]} contents
 */
export function patch(parent, contents) {
  const wanted = keyed(contents);
  const there = new Map([...parent.childNodes].map((node) => [keys.get(node), node]));
  for (const [key, node] of there) if (key === undefined || !wanted.has(key)) node.remove();
  let next = parent.firstChild;
  for (const [key, content] of wanted) {
    const node = there.get(key) ?? made(key, content);
    if (node === next) next = node.nextSibling;
    else parent.insertBefore(node, next);
    if (typeof content === "string") setText(/** @type {Text} */ (node), content);
    else {
      setAttributes(/** @type {Element} */ (node), content.attributes);
      patch(/** @type {Element} */ (node), content.children);
    }
  }
}

/**
 * The children that there are to be, by their keys.
 *
 * @param {readonly import("./describe.js").Content[]} contents
 * @returns {Map<string, import("./describe.js").Description | string>}
 */
function keyed(contents) {
  const found = new Map();
  contents.forEach((content, place) => {
    if (content === null || content === undefined || content === false) return;
    if (typeof content !== "object") return found.set(`${place} text`, printable(`${content}`));
    const key = content.key === "" ? `${place} ${content.tag}` : `${content.tag} ${content.key}`;
    let unique = key;
    for (let twin = 2; found.has(unique); twin++) unique = `${key} ${twin}`;
    found.set(unique, content);
  });
  return found;
}

/**
 * A new node, still without attributes and children.
 *
 * @param {string} key
 * @param {import("./describe.js").Description | string} content
 * @returns {Node}
 */
function made(key, content) {
  const node = typeof content === "string"
    ? document.createTextNode("")
    : document.createElement(content.tag);
  keys.set(node, key);
  return node;
}

/**
 * Replaces the part of a text that differs, so that a selection that ends beside it stays.
 *
 * @param {Text} node
 * @param {string} text
 */
function setText(node, text) {
  const old = node.data;
  if (old === text) return;
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start < most && old[start] === text[start]) start++;
  let end = 0;
  while (end < most - start && old.at(-1 - end) === text.at(-1 - end)) end++;
  node.replaceData(start, old.length - start - end, text.slice(start, text.length - end));
}

/**
 * Gives an element the attributes, and takes away those that it had from here and that are gone.
 *
 * @param {Element} element
 * @param {Readonly<Record<string, string>>} attributes
 */
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    const shown = printable(value);
    if (name.startsWith("--")) {
      /** @type {HTMLElement} */ (element).style.setProperty(name, shown);
    } else if (element.getAttribute(name) !== shown) element.setAttribute(name, shown);
  }
  for (const name of element.getAttributeNames()) {
    // A person opens and closes details; styles are set above.
    const isOurs = name !== "open" && name !== "style";
    if (isOurs && !Object.hasOwn(attributes, name)) element.removeAttribute(name);
  }
}
