import { assert, assertEquals, assertMatch } from "@std/assert";
import { Notifier } from "../../lib/node/systemd.ts";
import { ManagerSocket } from "../lab/manager_socket.ts";
import { procFile } from "../lab/proc.ts";

function notifier(variables: Record<string, string>) {
  const warnings: string[] = [];
  const made = new Notifier({
    env: (name) => variables[name],
    pid: 7,
    warn: (message) => warnings.push(message),
  });
  return { notifier: made, warnings, [Symbol.dispose]: () => made.close() };
}

for (const kind of ["path", "abstract"] as const) {
  // Deno wants all rights for some of what would do as well, and the executable has not all.
  const permissions = { net: true, read: true, write: true, sys: true } as const;
  Deno.test(`the service manager is told at a socket: ${kind}`, { permissions }, async () => {
    using manager = new ManagerSocket(kind);
    using made = notifier({ NOTIFY_SOCKET: manager.at });
    made.notifier.ready();
    made.notifier.status("one: lord\nREADY=0\u001b[2J");
    made.notifier.watchdog();
    made.notifier.reloading();
    made.notifier.stopping();
    const told = [];
    for (let n = 0; n < 5; n++) told.push(await manager.next());
    assertEquals(told.map((message) => message.replace(/USEC=\d+/, "USEC=N")), [
      "READY=1",
      "STATUS=one: lord\\u000aREADY=0\\u001b[2J",
      "WATCHDOG=1",
      "RELOADING=1\nMONOTONIC_USEC=N",
      "STOPPING=1",
    ]);
    assertEquals(made.warnings, []);
  });
}

Deno.test("the clock of a reload is the machine's, and not early", async () => {
  using manager = new ManagerSocket("path");
  using made = notifier({ NOTIFY_SOCKET: manager.at });
  const uptimeUs = async () => Number((await procFile("uptime"))?.split(" ")[0]) * 1_000_000;
  const beforeUs = await uptimeUs();
  made.notifier.reloading();
  const match = /^RELOADING=1\nMONOTONIC_USEC=(\d+)$/.exec(await manager.next());
  assert(match !== null);
  assert(Number(match[1]) >= beforeUs);
  assert(Number(match[1]) <= await uptimeUs() + 1_010_000);
});

Deno.test("without a service manager nobody is told, and nothing is warned of", () => {
  using made = notifier({ WATCHDOG_USEC: "1000000" });
  made.notifier.ready();
  assertEquals([made.notifier.watchdogMs, made.warnings], [undefined, []]);
});

const watchdogs: [what: string, variables: Record<string, string>, ms: number | undefined][] = [
  ["its time in microseconds", { WATCHDOG_USEC: "15000000" }, 15_000],
  ["for this process", { WATCHDOG_USEC: "15000000", WATCHDOG_PID: "7" }, 15_000],
  ["for another process", { WATCHDOG_USEC: "15000000", WATCHDOG_PID: "8" }, undefined],
  ["none", {}, undefined],
  ["0", { WATCHDOG_USEC: "0" }, undefined],
  ["no number", { WATCHDOG_USEC: "soon" }, undefined],
];
for (const [what, variables, ms] of watchdogs) {
  Deno.test(`the watchdog: ${what}`, () => {
    using made = notifier({ NOTIFY_SOCKET: "/nonexistent/notify", ...variables });
    assertEquals(made.notifier.watchdogMs, ms);
  });
}

for (const at of ["/nonexistent/notify", "@failover-test-nobody", "vsock:2:1234"]) {
  Deno.test(`a socket that cannot be told is warned of once: ${at}`, async () => {
    using made = notifier({ NOTIFY_SOCKET: at });
    for (let n = 0; n < 3; n++) {
      made.notifier.watchdog();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assertEquals(made.warnings.length, 1);
    assertMatch(made.warnings[0], /^the service manager cannot be told anything: /);
  });
}

Deno.test("a manager that is away for a while is told when it is back", async () => {
  using first = new ManagerSocket("abstract");
  using made = notifier({ NOTIFY_SOCKET: first.at });
  made.notifier.ready();
  assertEquals(await first.next(), "READY=1");
  first[Symbol.dispose]();
  made.notifier.status("lost");
  await new Promise((resolve) => setTimeout(resolve, 5));
  using second = new ManagerSocket("abstract", first.at);
  made.notifier.status("told");
  assertEquals(await second.next(), "STATUS=told");
});

Deno.test("a manager that reads nothing holds nobody up, and finds everything in its order", async () => {
  using manager = new ManagerSocket("path");
  using made = notifier({ NOTIFY_SOCKET: manager.at });
  const begun = performance.now();
  for (let n = 0; n < 50; n++) made.notifier.status(`${n}`);
  for (let n = 0; n < 50; n++) made.notifier.watchdog();
  for (let n = 50; n < 200; n++) made.notifier.status(`${n}`);
  assert(performance.now() - begun < 1_000);
  const told = [];
  for (let n = 0; n < 100; n++) told.push(await manager.next());
  const expected = Array.from({ length: 100 }, (_, n) => `STATUS=${n < 50 ? n : n - 1}`);
  assertEquals(told, expected.with(50, "WATCHDOG=1"));
  assertEquals(made.warnings, []);
});

Deno.test("of what nobody reads a hundred messages are kept", async () => {
  using manager = new ManagerSocket("path");
  using made = notifier({ NOTIFY_SOCKET: manager.at });
  for (let n = 0; n < 1_000; n++) made.notifier.status(`${n}`);
  const told = await manager.until(/^STATUS=99$/);
  assertEquals([told.length, await manager.quiet(100)], [100, true]);
});

Deno.test("one that is closed tells nothing more, and warns of nothing that was on its way", async () => {
  using manager = new ManagerSocket("path");
  using made = notifier({ NOTIFY_SOCKET: manager.at });
  // The socket takes some ten of them: one is on its way.
  for (let n = 0; n < 100; n++) made.notifier.status(`${n}`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  made.notifier.close();
  made.notifier.status("late");
  const told = [];
  while (!await manager.quiet(100)) told.push(await manager.next());
  assert(told.length < 100, `${told.length}`);
  assertEquals(told.filter((message) => message === "STATUS=late"), []);
  assertEquals(made.warnings, []);
});

Deno.test("one that was closed while nothing was on its way tells nothing more either", async () => {
  using manager = new ManagerSocket("path");
  using made = notifier({ NOTIFY_SOCKET: manager.at });
  made.notifier.ready();
  assertEquals(await manager.next(), "READY=1");
  made.notifier.close();
  made.notifier.status("late");
  assert(await manager.quiet(100));
});
