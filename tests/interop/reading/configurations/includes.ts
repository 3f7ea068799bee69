import type { Configuration } from "../configuration.ts";
import { all, whole } from "./_lines.ts";

/** Other files, each read where it stands. */
export const includes: readonly Configuration[] = [
  {
    what: "ini of another file",
    files: { ...whole("ini = DIR/more.ini\n"), "more.ini": "[uwsgi]\nlegion-scroll = one more\n" },
  },
  {
    what: "include of another file by a relative path",
    files: {
      ...whole("include = sub/more.ini\n"),
      "sub/more.ini": "[uwsgi]\nlegion-scroll = one more\nlegion-node = one 127.0.0.1:9\n",
    },
  },
  {
    what: "inherit of another file",
    files: {
      ...whole("inherit = DIR/more.ini\n"),
      "more.ini": "[uwsgi]\nlegion-scroll = one more\n",
    },
  },
  {
    what: "a section of another file",
    files: {
      ...whole("ini = DIR/more.ini:web\n"),
      "more.ini": "[uwsgi]\nlegion-quorum = one 9\n[web]\nlegion-scroll = one web\n",
    },
  },
  {
    what: "another section of the same file",
    files: { "main.ini": `[uwsgi]\n${all}ini = :web\n[web]\nlegion-scroll = one web\n` },
  },
  {
    what: "files that include others, with placeholders of each",
    files: {
      ...whole("ini = DIR/a.ini\nlegion-scroll = one %(place) %(row)\n"),
      "a.ini": "[uwsgi]\nplace = rack\nini = DIR/b.ini\n",
      "b.ini": "[uwsgi]\nrow = 7\nlegion-node = one 127.0.0.1:9\n",
    },
  },
  {
    what: "the whole legion in an included file",
    files: { "main.ini": "[uwsgi]\ninclude = DIR/legion.ini\n", "legion.ini": `[uwsgi]\n${all}` },
  },
];
