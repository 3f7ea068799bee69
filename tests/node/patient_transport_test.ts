import { assertEquals, assertRejects } from "@std/assert";
import { openPatiently } from "../../lib/node/patient_transport.ts";
import {
  AddressMissing,
  BindError,
  type Transport,
  type TransportOptions,
} from "../../lib/node/transport.ts";
import { HandClock } from "../lab/hand_clock.ts";

const address = { host: "10.0.0.1", port: 2000 };
const to = { host: "10.0.0.2", port: 2000 };
const missing = new AddressMissing("it is missing");

/** A socket that can be opened once the attempts before it have failed. */
async function waiting(...attempts: Error[]) {
  const clock = new HandClock();
  const lines: string[] = [];
  const unsent: string[] = [];
  const sent: number[] = [];
  let closed = 0;
  const socket: Transport = {
    send: (datagram) => sent.push(...datagram),
    close: () => Promise.resolve(void closed++),
  };
  let tries = 0;
  const options: TransportOptions = {
    address,
    casting: "unicast",
    received: () => {},
    unsent: ({ host }, reason) => unsent.push(`${host}: ${reason}`),
    clock,
    log: (level, message) => lines.push(`${level} ${message}`),
  };
  const transport = await openPatiently(options, () => {
    const error = attempts[tries++];
    return error === undefined ? Promise.resolve(socket) : Promise.reject(error);
  });
  let opened = false;
  transport.opened?.then(() => opened = true);
  return {
    transport,
    clock,
    lines,
    unsent,
    sent,
    tries: () => tries,
    opened: () => opened,
    closed: () => closed,
  };
}

Deno.test("an address that is there is listened on at once", async () => {
  const { transport, lines, clock, closed } = await waiting();
  assertEquals([transport.opened, lines, clock.alarms], [undefined, [], 0]);
  await transport.close();
  assertEquals(closed(), 1);
});

Deno.test("an address that is not there yet is asked for each second, and said twice", async () => {
  const { transport, clock, lines, tries, opened, sent, unsent } = await waiting(
    ...Array(4).fill(missing),
  );
  assertEquals([lines, tries()], [[
    "warn it is missing; this node waits for it (behind NAT: legion-address)",
  ], 1]);
  transport.send(Uint8Array.of(1), to);
  assertEquals(unsent, ["10.0.0.2: this node's own address is not there yet"]);
  await clock.passSlowly(3_900);
  assertEquals([lines.length, tries(), opened()], [1, 4, false]);
  await clock.passSlowly(200);
  assertEquals([lines[1], tries(), opened()], ["info listens on 10.0.0.1:2000", 5, true]);
  transport.send(Uint8Array.of(2), to);
  assertEquals([sent, unsent.length, clock.alarms], [[2], 1, 0]);
  await transport.close();
});

Deno.test("an address that has come and is in use is waited for, and that is said", async () => {
  const inUse = new BindError("it is in use");
  const { clock, lines, opened, transport } = await waiting(missing, inUse, inUse);
  await clock.passSlowly(3_100);
  assertEquals(lines.slice(1), ["warn it is in use", "info listens on 10.0.0.1:2000"]);
  assertEquals(opened(), true);
  await transport.close();
});

Deno.test("an address that cannot be listened on for another reason is an error at once", async () => {
  await assertRejects(() => waiting(new BindError("it is in use")), BindError, "it is in use");
});

Deno.test("who waits can be closed, and tries no more", async () => {
  const { transport, clock, tries, closed } = await waiting(missing, missing);
  await transport.close();
  await clock.passSlowly(5_000);
  assertEquals([tries(), clock.alarms, closed()], [1, 0, 0]);
});

Deno.test("a socket that opens while it is closed is closed too", async () => {
  const { transport, clock, closed } = await waiting(missing);
  clock.pass(1_000);
  await transport.close();
  assertEquals([closed(), clock.alarms], [1, 0]);
});
