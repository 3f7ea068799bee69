// Measures how fast failover is and what it costs, beside its alternatives: `deno task bench`.
import { errorMessage } from "../lib/base/error_message.ts";
import { expectNothing, parseOptions } from "../lib/cli/options.ts";
import { UsageError } from "../lib/cli/usage_error.ts";
import { Executable } from "./bench/executable.ts";
import { machine } from "./bench/machine.ts";
import type { Row } from "./bench/section.ts";
import { sections } from "./bench/sections.ts";
import { benchTable, holds } from "./bench/table.ts";

const help = `deno task bench [OPTIONS]

Measures and prints one table: medians, with the range of the samples. The takeovers need root and
Debian's packages iproute2, nftables and curl; uwsgi-core and keepalived are measured where they are
installed. Everything that is started runs in network namespaces of its own.

  --only WORDS   the rows with these words in their first two columns; "boot|return" asks for those
                 with one or the other
  --runs N       how often each is measured (7)
  --minutes N    also watch for N minutes whether legions stay calm beside a busy core (0)
  --quick        leave out what takes minutes
  --assert       exit with 1 when a figure does not hold
  --json         print the samples instead of the table
`;

const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

Deno.exitCode = await main(Deno.args);

async function main(args: readonly string[]): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new Error("interrupted"));
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    return await bench(args, interrupted.signal);
  } catch (error) {
    if (!(error instanceof UsageError) && !interrupted.signal.aborted) throw error;
    console.error(`bench: ${errorMessage(error)}`);
    return error instanceof UsageError ? 2 : 1;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }
}

async function bench(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseOptions(args, help);
  if (options.flag("help")) {
    console.log(help.trim());
    return 0;
  }
  expectNothing(options.rest);
  const runs = Number(options.value("runs") ?? 7);
  if (!Number.isInteger(runs) || runs < 1) throw new UsageError("--runs takes a number from 1 on");
  const minutes = Number(options.value("minutes") ?? 0);
  if (!(minutes >= 0)) throw new UsageError("--minutes takes a number from 0 on");
  const only = (options.value("only") ?? "").split("|");
  const notes: string[] = [];
  const rows: Row[] = [];
  await using executable = new Executable();
  for (const { name, measure } of sections) {
    rows.push(
      ...await measure({
        runs,
        minutes,
        quick: options.flag("quick"),
        wants: (what, setting) => only.some((words) => `${what} ${setting}`.includes(words)),
        progress: (line) => console.error(`${name}: ${line}`),
        note: (line) => notes.push(line),
        executable,
        signal,
      }),
    );
  }
  const judged = rows.map((row) => ({ ...row, limit: row.limit?.text, holds: holds(row) }));
  console.log(
    options.flag("json")
      ? JSON.stringify({ machine: machine(), runs, rows: judged, notes }, null, 2)
      : [benchTable(rows), ...notes.map((note) => `${note}\n`), `${machine()}\n`].join("\n").trim(),
  );
  const failed = judged.some((row) => row.holds === false);
  return options.flag("assert") && failed ? 1 : 0;
}
