import type { LogLevel } from "../../lib/base/log_level.ts";
import { assertEquals } from "@std/assert";
import { createLog, type LogFormat, logFormatFor } from "../../lib/node/log.ts";

function setUp(format: LogFormat, level: LogLevel = "info") {
  const lines: string[] = [];
  const now = () => new Date("2026-11-23T02:00:00.123Z");
  return { lines, log: createLog({ format, level, now, write: (line) => lines.push(line) }) };
}

Deno.test("text: time, level, legion, plain words", () => {
  const { lines, log } = setUp("text");
  log("info", "host-b joined", "failover");
  log("error", "no legion at all");
  assertEquals(lines, [
    "2026-11-23T02:00:00.123Z info  failover: host-b joined\n",
    "2026-11-23T02:00:00.123Z error no legion at all\n",
  ]);
});

Deno.test("json: an object a line", () => {
  const { lines, log } = setUp("json");
  log("warn", 'a "b"\n', "failover");
  assertEquals(lines, [
    '{"time":"2026-11-23T02:00:00.123Z","level":"warn","legion":"failover","message":"a \\"b\\"\\n"}\n',
  ]);
});

Deno.test("what is less serious than the level is left out", () => {
  const { lines, log } = setUp("text", "warn");
  for (const level of ["debug", "info", "warn", "error"] as const) log(level, level);
  assertEquals(lines.map((line) => line.split(" ")[1]), ["warn", "error"]);
});

Deno.test("journal: the priority, and no time", () => {
  const { lines, log } = setUp("journal", "debug");
  for (const level of ["debug", "info", "warn"] as const) log(level, level);
  log("error", "no lord", "failover");
  assertEquals(lines, ["<7>debug\n", "<6>info\n", "<4>warn\n", "<3>failover: no lord\n"]);
});

Deno.test("a line that asks something of somebody ends with where the manual says what", () => {
  const { lines, log } = setUp("journal");
  log("warn", "no quorum: 1 present, 2 needed", "failover");
  log("info", "no quorum: just an example");
  assertEquals(lines, [
    "<4>failover: no quorum: 1 present, 2 needed (failover help no-quorum)\n",
    "<6>no quorum: just an example\n",
  ]);
  const json = setUp("json");
  json.log("warn", "no quorum: 1 present, 2 needed");
  assertEquals(JSON.parse(json.lines[0]).help, "no-quorum");
});

Deno.test("the journal's form is for what goes to the journal", () => {
  const under = (name: string) => name === "JOURNAL_STREAM" ? "8:12345" : undefined;
  assertEquals(logFormatFor(under, false), "journal");
  assertEquals(logFormatFor(under, true), "text");
  assertEquals(logFormatFor(() => undefined, false), "text");
});

const evil = "evil\n2026 error\u001b[2J\u009b2J\u2028\u202e";
const shown = "evil\\u000a2026 error\\u001b[2J\\u009b2J\\u2028\\u202e";

Deno.test("text: a peer's name can neither begin a line of its own nor reach the terminal", () => {
  const { lines, log } = setUp("text");
  log("info", `${evil} joined`, `failover${evil}`);
  assertEquals(lines, [`2026-11-23T02:00:00.123Z info  failover${shown}: ${shown} joined\n`]);
});

Deno.test("journal: neither can it there, nor choose a priority", () => {
  const { lines, log } = setUp("journal");
  log("info", `<0>${evil}`);
  assertEquals(lines, [`<6><0>${shown}\n`]);
});

Deno.test("json: no more can it there, and a program reads it as it is", () => {
  const { lines, log } = setUp("json");
  log("info", evil, "failover\u009b");
  assertEquals(lines, [
    '{"time":"2026-11-23T02:00:00.123Z","level":"info","legion":"failover\\u009b",' +
    `"message":"${shown.replace("\\u000a", "\\n")}"}\n`,
  ]);
  assertEquals(JSON.parse(lines[0]).message, evil);
});
