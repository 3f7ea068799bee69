/**
 * The notes of a release: the section of its version in the changelog, without the heading.
 *
 * @param changelog the text of CHANGELOG.md
 * @throws Error where there is no such section, or nothing in it
 */
export function notesOf(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => /^\S+/.exec(text)?.[0] === version);
  const notes = section?.slice(section.indexOf("\n")).trim() ?? "";
  if (notes !== "") return `${notes}\n`;
  throw new Error(`CHANGELOG.md says nothing of ${version} ("## ${version} (DATE)")`);
}
