import { assertEquals, assertThrows } from "@std/assert";
import { notesOf } from "../../scripts/_notes.ts";
import { version } from "../../lib/cli/version.ts";

const changelog = `# Changelog

What is in it.

## 1.0.0-rc.1 (2026-11-01)

A trial.

## 1.0.0 (2026-11-29)

### Added

- More.

### Fixed

- Less.

## 0.2.0

## 0.1.0 (2026-11-25)

The first.
`;

Deno.test("notesOf: the section of that version, to the next one", () => {
  const notes = "### Added\n\n- More.\n\n### Fixed\n\n- Less.\n";
  assertEquals(notesOf(changelog, "1.0.0"), notes);
  assertEquals(notesOf(changelog, "1.0.0-rc.1"), "A trial.\n");
  assertEquals(notesOf(changelog, "0.1.0"), "The first.\n");
});

Deno.test("notesOf: a version that the changelog does not tell of is no release", () => {
  for (const version of ["2.0.0", "1.0", "0.2.0", ""]) {
    assertThrows(() => notesOf(changelog, version), Error, `says nothing of ${version} (`);
  }
});

Deno.test("the changelog tells of this version", async () => {
  const text = await Deno.readTextFile(new URL("../../CHANGELOG.md", import.meta.url));
  notesOf(text, version);
});
