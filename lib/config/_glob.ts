import type { Machine } from "./sources.ts";

const maxLength = 4_096;

/**
 * The paths that match a shell's pattern (`*`, `?`, `[…]`), sorted; the pattern itself where none
 * does, as with uWSGI. A name that begins with a dot is matched only by a dot.
 *
 * @param most the most paths that are looked at
 * @returns undefined when there are more, or the pattern is longer than any path
 */
export function globbed(
  pattern: string,
  { most, machine }: { readonly most: number; readonly machine: Machine },
): string[] | undefined {
  if (pattern.length > maxLength) return undefined;
  const isRooted = pattern.startsWith("/");
  const parts = pattern.split("/");
  let found = [isRooted ? "/" : ""];
  let looks = 0;
  for (const [index, part] of parts.entries()) {
    if (part === "") continue;
    const isLast = index === parts.length - 1;
    const next: string[] = [];
    for (const folder of found) {
      const names = /[*?[]/.test(part)
        ? [...machine.namesIn(folder || "."), ".", ".."].filter((name) => matches(name, part))
          .sort()
        : [part];
      for (const name of names) {
        const path = `${folder}${name}`;
        if (++looks > most) return undefined;
        if (kindAt(path, machine) === "nothing") continue;
        next.push(isLast ? path : `${path}/`);
      }
    }
    found = next;
  }
  return found.length === 0 ? [pattern] : found;
}

function kindAt(path: string, machine: Machine) {
  try {
    return machine.kindAt(path);
  } catch {
    // Where nothing may be looked at, nothing is found.
    return "nothing";
  }
}

/** Whether a name matches a pattern, in at most as many steps as the product of their lengths. */
function matches(name: string, pattern: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  const parts = pattern.match(/\[[!^]?\]?[^\]]*\]|[^]/g) ?? [];
  let [at, part, star, mark] = [0, 0, -1, 0];
  while (at < name.length) {
    if (parts[part] === "*") {
      [star, mark] = [part++, at];
    } else if (part < parts.length && fits(name[at], parts[part])) {
      at++;
      part++;
    } else if (star >= 0) {
      // The last star takes one more.
      part = star + 1;
      at = ++mark;
    } else return false;
  }
  return parts.slice(part).every((each) => each === "*");
}

function fits(letter: string, part: string): boolean {
  if (part === "?") return true;
  if (part.length === 1) return part === letter;
  const isNegated = part[1] === "!" || part[1] === "^";
  const set = part.slice(isNegated ? 2 : 1, -1);
  let isIn = false;
  for (let at = 0; at < set.length; at++) {
    if (set[at + 1] === "-" && at + 2 < set.length) {
      isIn ||= set[at] <= letter && letter <= set[at + 2];
      at += 2;
    } else isIn ||= set[at] === letter;
  }
  return isIn !== isNegated;
}
