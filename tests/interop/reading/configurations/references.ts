import type { Configuration } from "../configuration.ts";
import { all, mine, whole } from "./_lines.ts";

/** Sections, placeholders, variables and files in values. */
export const references: readonly Configuration[] = [
  {
    what: "another section",
    files: { "main.ini": `[uwsgi]\nlegion-quorum = one 5\n[web]\n${all}legion-scroll = one web\n` },
    section: "web",
  },
  { what: "a placeholder", files: whole("legion-scroll = one %(place)\n", "place = rack 7\n") },
  {
    what: "the first of two placeholders of a name",
    files: whole("legion-scroll = one %(place)\n", "place = a\nplace = b\n"),
  },
  {
    what: "an environment variable",
    files: whole("legion-scroll = one $(PLACE)\nenv = A=$(PLACE)\n"),
    env: { PLACE: "rack 7" },
  },
  {
    what: "a file in a value",
    files: { ...whole("legion-scroll = one @(DIR/place)\n"), place: "rack 7\n" },
  },
  {
    what: "a secret from a file",
    files: { ...mine("legion = one OWN 7 aes-256-cbc:@(DIR/secret)"), secret: "two: of them\n" },
  },
];
