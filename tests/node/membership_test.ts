import { assertEquals } from "@std/assert";
import { Membership } from "../../lib/node/_membership.ts";
import { HandClock } from "../lab/hand_clock.ts";

/** A membership in a group, by a socket that notes what is asked of it. */
function membership(host = "239.7.7.7", ttl?: number) {
  const clock = new HandClock();
  const asked: string[] = [];
  const lines: string[] = [];
  let error: Error | undefined;
  const note = (what: string) => {
    asked.push(what);
    return error === undefined ? Promise.resolve() : Promise.reject(error);
  };
  const join = (group: string) =>
    note(`join ${group}`).then(() => ({
      leave: () => note("leave"),
      setTTL: (ttl: number) => note(`ttl ${ttl}`),
    }));
  const member = new Membership({
    socket: { joinMulticastV4: join, joinMulticastV6: join } as unknown as Deno.DatagramConn,
    group: { host, port: 2000 },
    ttl,
    clock,
    log: (level, message) => lines.push(`${level} ${message}`),
  });
  return { member, clock, asked, lines, fail: (next?: Error) => error = next };
}

const datagram = Uint8Array.of(1, 2, 3);
const notHeard = "warn the group 239.7.7.7:2000 is not heard: it is joined anew until it is";

Deno.test("a member that hears itself asks the system for nothing", async () => {
  const { member, clock, asked, lines } = membership();
  await member.join();
  for (let n = 0; n < 5; n++) {
    member.sent(datagram);
    member.heard(Uint8Array.of(9));
    member.heard(Uint8Array.from(datagram));
    await clock.passSlowly(2_000);
  }
  assertEquals([asked, lines, clock.alarms], [["join 239.7.7.7"], [], 0]);
});

Deno.test("a member that does not hear itself joins anew, and says so once", async () => {
  const { member, clock, asked, lines } = membership();
  await member.join();
  for (let n = 0; n < 2; n++) {
    member.sent(datagram);
    // Others may be heard by other ways.
    member.heard(Uint8Array.of(1, 2, 4));
    await clock.passSlowly(1_100);
  }
  const again = ["leave", "join 239.7.7.7"];
  assertEquals([asked.slice(1), lines], [[...again, ...again], [notHeard]]);
  member.sent(datagram);
  member.heard(datagram);
  assertEquals(lines[1], "info the group 239.7.7.7:2000 is heard again");
  await member.close();
});

Deno.test("the time to live is set whenever the group is joined", async () => {
  const { member, clock, asked } = membership("239.7.7.7", 4);
  await member.join();
  member.sent(datagram);
  await clock.passSlowly(1_100);
  await member.close();
  const joined = ["join 239.7.7.7", "ttl 4"];
  assertEquals(asked, [...joined, "leave", ...joined]);
});

Deno.test("a group that no interface leads to is tried again", async () => {
  const { member, clock, asked, fail } = membership("ff05::7");
  await member.join();
  fail(new Error("No such device"));
  member.sent(datagram);
  await clock.passSlowly(1_100);
  fail();
  member.sent(datagram);
  await clock.passSlowly(1_100);
  assertEquals(asked, ["join ff05::7", "leave", "join ff05::7", "leave", "join ff05::7"]);
});

Deno.test("a process that slept reads its socket first", async () => {
  const { member, clock, asked, lines } = membership();
  await member.join();
  member.sent(datagram);
  clock.pass(60_000, { hung: true });
  assertEquals([asked.length, lines], [1, []]);
});

Deno.test("one that is closed looks no more", async () => {
  const { member, clock, asked } = membership();
  await member.join();
  member.sent(datagram);
  await member.close();
  await clock.passSlowly(5_000);
  assertEquals([asked.length, clock.alarms], [1, 0]);
});
