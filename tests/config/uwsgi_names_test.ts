import { assertEquals } from "@std/assert";
import { namesOf } from "../../lib/base/option_row.ts";
import { options } from "../../lib/config/options.ts";
import { uwsgiNames } from "../../lib/config/uwsgi_names.ts";

Deno.test("no option that is read here passes for one of uWSGI's alone", () => {
  assertEquals(namesOf(options).filter((name) => uwsgiNames.has(name)), []);
});

Deno.test("no option that changes what a file says passes for one of uWSGI's alone", () => {
  const dialect =
    "ini include inherit if-env if-not-file endif end-if for endfor set set-ph json " +
    "legion-cron cron-legion unique-legion-cron legion-attach-daemon yaml xml env chdir uid gid";
  assertEquals(dialect.split(" ").filter((name) => uwsgiNames.has(name)), []);
  assertEquals([...uwsgiNames].filter((name) => name.startsWith("legion")), []);
});
