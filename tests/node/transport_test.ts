import type { Address } from "../../lib/base/address.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  AddressMissing,
  BindError,
  openUdp,
  type TransportOptions,
} from "../../lib/node/transport.ts";
import { freePorts } from "../lab/free_ports.ts";
import { reopenUdp } from "./reopen_udp.ts";
import { Reported } from "../lab/reported.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

function options(address: Address, changed: Partial<TransportOptions> = {}): TransportOptions {
  return {
    address,
    casting: "unicast",
    received: () => {},
    unsent: (_to, reason) => {
      throw new Error(`unsent: ${reason}`);
    },
    ...changed,
  };
}

/** Opens a transport and gives the first datagram that comes to it. */
async function listening(address: Address) {
  const first = Promise.withResolvers<Uint8Array>();
  const received = (datagram: Uint8Array) => first.resolve(new Uint8Array(datagram));
  return {
    transport: await openUdp(options(address, { received })),
    first: first.promise,
  };
}

for (const host of ["127.0.0.1", "::1"]) {
  Deno.test(`a datagram goes from one to the other over ${host}`, async () => {
    const [port, otherPort] = freePorts(2);
    const { transport, first } = await listening({ host, port });
    const other = await openUdp(options({ host, port: otherPort }));
    other.send(bytes(1, 2, 3), { host, port });
    assertEquals(await first, bytes(1, 2, 3));
    await transport.close();
    await other.close();
  });
}

Deno.test("of what is too long only a beginning is taken in, which is still too long", async () => {
  const [port, otherPort] = freePorts(2);
  const first = Promise.withResolvers<number>();
  const received = ({ length }: Uint8Array) => first.resolve(length);
  const address = { host: "127.0.0.1", port };
  const transport = await openUdp(options(address, { received, longest: 1_000 }));
  const other = await openUdp(options({ host: "127.0.0.1", port: otherPort }));
  other.send(new Uint8Array(9_000), address);
  const length = await first.promise;
  assert(length > 1_000 && length < 9_000, `${length} bytes came`);
  await transport.close();
  await other.close();
});

Deno.test("what was sent leaves before the socket closes", async () => {
  const [port, otherPort] = freePorts(2);
  const { transport, first } = await listening({ host: "127.0.0.1", port });
  const other = await openUdp(options({ host: "127.0.0.1", port: otherPort }));
  other.send(bytes(7), { host: "127.0.0.1", port });
  await other.close();
  assertEquals(await first, bytes(7));
  await transport.close();
});

Deno.test("an address in use, or of another machine, is refused and named", async () => {
  const [port] = freePorts(1);
  const address = { host: "127.0.0.1", port };
  const transport = await openUdp(options(address));
  const inUse = await assertRejects(() => openUdp(options(address)), BindError);
  assertStringIncludes(inUse.message, `cannot listen on 127.0.0.1:${port}: the address is in use`);
  await transport.close();

  // 192.0.2.0/24 is for documentation (RFC 5737): it is on no machine.
  const elsewhere = options({ host: "192.0.2.77", port });
  const error = await assertRejects(() => openUdp(elsewhere), BindError);
  assertStringIncludes(error.message, "the address is not on this machine");
});

Deno.test("an address that may come is told from one that cannot be listened on", async () => {
  const [port] = freePorts(1);
  const hosts = ["192.0.2.77", "fe80::1%missing0", "fe80::1%999"];
  for (const host of hosts) {
    const error = await assertRejects(() => openUdp(options({ host, port })), BindError);
    assertEquals([host, error instanceof AddressMissing], [host, true], error.message);
  }
  const group = options({ host: "127.0.0.2", port }, { casting: "multicast" });
  const error = await assertRejects(() => openUdp(group), BindError);
  assertEquals(error instanceof AddressMissing, false, error.message);
});

Deno.test("what cannot be sent is reported, not thrown", async () => {
  const [port] = freePorts(1);
  const reported = Promise.withResolvers<string>();
  const unsent = (to: Address, reason: string) => reported.resolve(`${to.host} ${reason}`);
  const transport = await openUdp(options({ host: "127.0.0.1", port }, { unsent }));
  // Too large for any datagram.
  transport.send(new Uint8Array(70_000), { host: "127.0.0.1", port });
  assertEquals(await reported.promise, "127.0.0.1 Message too long");
  await transport.close();
});

Deno.test("what waits to be sent is bounded, and what goes beyond is reported; close waits for the rest", async () => {
  const [port, otherPort] = freePorts(2);
  const reasons: string[] = [];
  const unsent = (_to: Address, reason: string) => reasons.push(reason);
  await using listener = new AsyncDisposableStack();
  const other = await openUdp(options({ host: "127.0.0.1", port: otherPort }));
  listener.defer(() => other.close());
  const transport = await openUdp(options({ host: "127.0.0.1", port }, { unsent }));
  const to = { host: "127.0.0.1", port: otherPort };
  for (let n = 0; n < 5_000; n++) transport.send(bytes(1), to);
  assertEquals(reasons, Array(1_000).fill("too much waits to be sent"));
  await transport.close();
  assertEquals(reasons.length, 1_000);
});

Deno.test("a port is free as soon as its transport is closed", async () => {
  const [port] = freePorts(1);
  const address = { host: "127.0.0.1", port };
  const unsent = () => {};
  let inUse = 0;
  for (let n = 0; n < 40; n++) {
    const transport = await openUdp(options(address, { unsent })).catch(() => undefined);
    if (transport === undefined) inUse++;
    // To itself, so that something is on its way in both directions.
    for (let sent = 0; sent < 5; sent++) transport?.send(bytes(1), address);
    await transport?.close();
  }
  // A command that another test file starts at that moment has the socket until its program runs.
  assert(inUse <= 5, `in use ${inUse} times`);
});

Deno.test("a group that cannot be joined leaves no socket behind", async () => {
  const [port] = freePorts(1);
  const group = { host: "127.0.0.2", port };
  const error = await assertRejects(
    () => openUdp(options(group, { casting: "multicast" })),
    BindError,
  );
  assertStringIncludes(error.message, `cannot listen on 127.0.0.2:${port}: Invalid argument`);
  await (await reopenUdp(options({ host: "0.0.0.0", port }))).close();
});

Deno.test("a socket that reports nothing but errors is asked again after a pause each", async () => {
  const listen = Deno.listenDatagram;
  let asked = 0;
  const { promise: closed, reject: close } = Promise.withResolvers<never>();
  closed.catch(() => {});
  const broken = {
    // One that is asked in a circle is asked no more after a while.
    receive: () => ++asked > 1_000 ? closed : Promise.reject(new Error("broken")),
    close,
  };
  let opened: ReturnType<typeof openUdp>;
  try {
    Deno.listenDatagram = (() => broken) as unknown as typeof listen;
    opened = openUdp(options({ host: "127.0.0.1", port: 1 }));
  } finally {
    Deno.listenDatagram = listen;
  }
  const transport = await opened;
  await new Promise((resolve) => setTimeout(resolve, 100));
  await transport.close();
  assert(asked > 1 && asked <= 15, `asked ${asked} times`);
});

Deno.test("an error in taking in a datagram is reported, and the next is taken in", async () => {
  using reported = new Reported();
  const [port, otherPort] = freePorts(2);
  const address = { host: "127.0.0.1", port };
  const second = Promise.withResolvers<void>();
  const received = ([first]: Uint8Array) => {
    if (first === 1) throw new Error("a mistake");
    second.resolve();
  };
  const transport = await openUdp(options(address, { received }));
  const other = await openUdp(options({ host: "127.0.0.1", port: otherPort }));
  other.send(bytes(1), address);
  other.send(bytes(2), address);
  await second.promise;
  await transport.close();
  await other.close();
  assertEquals(reported.messages, ["a mistake"]);
});

Deno.test("an error in telling of what cannot be sent is reported, and keeps nothing open", async () => {
  using reported = new Reported();
  const [port] = freePorts(1);
  const unsent = () => {
    throw new Error("a mistake");
  };
  const transport = await openUdp(options({ host: "127.0.0.1", port }, { unsent }));
  transport.send(new Uint8Array(70_000), { host: "127.0.0.1", port });
  await transport.close();
  assertEquals(reported.messages, ["a mistake"]);
});
