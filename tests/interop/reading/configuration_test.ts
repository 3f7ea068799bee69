// Files in uWSGI's dialect, each fed to real uWSGI and to this program.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { hasUwsgi } from "../../lab/uwsgi.ts";
import { bothReadings, type Configuration } from "./configuration.ts";
import { configurations } from "./configurations.ts";

// uWSGI becomes lord in its second round, a second after the start at the earliest.
const side = 6;

const possible = configurations.filter(({ root }) => !root || Deno.uid() === 0);

Deno.test({
  name: `${configurations.length} files are read as real uWSGI reads them`,
  ignore: !hasUwsgi,
  async fn(t) {
    assert(new Set(configurations.map(({ what }) => what)).size === configurations.length);
    const read = (configuration: Configuration) =>
      bothReadings(configuration).then(
        (readings) => ({ configuration, readings, error: undefined }),
        (error) => ({ configuration, readings: undefined, error }),
      );
    const queue = possible.values();
    const all: Awaited<ReturnType<typeof read>>[] = [];
    await Promise.all(Array.from({ length: side }, async () => {
      for (const configuration of queue) all.push(await read(configuration));
    }));
    for (const { configuration, readings, error } of all) {
      await t.step(configuration.what, () => {
        if (readings === undefined) throw error;
        const { uwsgi, ours, refusal, scroll, warnings } = readings;
        const { refused, warned } = configuration;
        if (refused !== undefined) return void assertMatch(refusal ?? "it is not refused", refused);
        assertEquals(refusal, undefined);
        assertEquals(ours, { ...uwsgi, scroll: scroll ?? "" });
        if (warned !== undefined) assertMatch(warnings.join("\n"), warned);
      });
    }
  },
});
