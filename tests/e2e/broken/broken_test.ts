// Things broken for real, and what the log, the status, the check and the doctor say of each: the
// culprit and the remedy, and nothing else. FAILOVER_TEST_TRANSCRIPTS names a folder for all of it.
import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { canMakeNetworks } from "../../lab/network.ts";
import { normal } from "./_normal.ts";
import { type Row, rowsOfFive, rowsOfThree, type View } from "./rows.ts";
import { type Said, setStage, type Stage } from "./_stage.ts";
import { transcribe } from "./_transcript.ts";

// The longest wait for what is to be said, in milliseconds: a machine that has much to do is slow.
const patienceMs = 30_000;

/** The answers in the form of a {@link View}, and of what the check is to say after its findings. */
function viewOf({ status, check, wrong, log }: Said, view: View, stage: Stage) {
  const lines = (text: string) => normal(text, stage).trim().split("\n");
  const found = lines(status).filter((line) => /^(critical|warning|failover status): /.test(line));
  const says = lines(log).some((line) => view.log !== undefined && line.includes(view.log));
  return {
    at: view.at,
    ...says ? { log: view.log } : {},
    found,
    wrong: wrong.map((answer) => normal(answer, stage)),
    check: normal(check, stage).trim().replace(/ \| .*$/, ""),
  };
}

/** The line of the check, by all that the status finds: it says the same. */
function checkOf({ found }: View): string {
  const help = / \(failover help ([\w-]+)\)$/;
  const texts = found.map((line) => line.replace(help, "").replace(/^[\w ]+: /, ""));
  const topics = [...new Set(found.map((line) => help.exec(line)?.[1]))].join(", ");
  const state = found.every((line) => line.startsWith("warning: ")) ? "1 WARNING" : "2 CRITICAL";
  const [exitStatus, word] = state.split(" ");
  return `${exitStatus} FAILOVER ${word} - ${texts.join("; ")} (failover help ${topics})`;
}

/** Asks until all is said as it is to be. */
async function assertSaid(row: Row, view: View, stage: Stage): Promise<void> {
  const brokenMs = performance.now();
  const expected = { ...view, check: checkOf(view) };
  for (;;) {
    const said = await stage.ask(view.at);
    const told = viewOf(said, view, stage);
    const isSaid = JSON.stringify(told) === JSON.stringify(expected);
    const tookMs = performance.now() - brokenMs;
    if (!isSaid && tookMs < patienceMs) {
      await delay(200);
      continue;
    }
    await transcribe(row.name, view.at, said, tookMs);
    assertEquals(told, expected);
    return;
  }
}

for (const [servers, rows] of [[3, rowsOfThree], [5, rowsOfFive]] as const) {
  Deno.test({
    name: `things broken in a legion of ${servers}: what is said, and that it is mended`,
    ignore: !canMakeNetworks,
    async fn(t) {
      await using stage = await setStage(servers);
      await Promise.all(stage.lan.addresses.map((_, server) => stage.start(server)));
      await stage.untilWell();
      for (const row of rows) {
        const ignore = !await (row.isPossible?.() ?? true);
        await t.step({
          name: row.name,
          ignore,
          async fn() {
            stage.begin();
            await row.breakIt(stage);
            try {
              await Promise.all(row.views.map((view) => assertSaid(row, view, stage)));
            } finally {
              await row.mendIt(stage);
              await stage.untilWell();
            }
          },
        });
      }
    },
  });
}
