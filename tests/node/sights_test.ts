import { assertEquals } from "@std/assert";
import { Sights } from "../../lib/node/sights.ts";
import { keptByRobot, type KeptSettings } from "../../lib/robot/provider.ts";

const about = { provider: "hetzner-robot", wanted: "1.1.1.1" };

/** The sights of node `b`, with a clock to set. */
function setUp(...ips: string[]) {
  const clock = { seconds: 1_000 };
  const sights = new Sights("b", () => clock.seconds);
  const settings = (ip: string) =>
    ({ ip, url: "http://robot.example", activeServerIp: "1.1.1.1" }) as KeptSettings;
  const have = (...ips: string[]) => sights.keepOnly(ips.map((ip) => keptByRobot(settings(ip))));
  have(...ips.length === 0 ? ["4.4.4.4"] : ips);
  const told = () =>
    sights.all.map(({ points_to, seen, seen_by, taken_over_by, problem }) =>
      [points_to, seen, seen_by, taken_over_by, problem].join(" ").trim()
    );
  const heard = (where: string | null, ageSeconds: number, by = "a", ip = "4.4.4.4") =>
    sights.heard({ ip, where, ageSeconds }, by);
  const seen = (pointsTo: string) => sights.seen({ ...about, ip: "4.4.4.4", pointsTo });
  return { sights, clock, have, told, heard, seen };
}

Deno.test("a look that failed leaves the last sight as it was, and the next answer ends the problem", () => {
  const { sights, clock, told, seen } = setUp();
  const late = { ...about, ip: "4.4.4.4", problem: "TIMEOUT: too late" };
  sights.seen(late);
  assertEquals(sights.all, [{
    ...late,
    points_to: null,
    active_server_ip: null,
    seen: 0,
    seen_by: "",
    taken_over_by: "",
  }]);
  seen("2.2.2.2");
  clock.seconds = 1_010;
  sights.seen(late);
  assertEquals(told(), ["2.2.2.2 1000 b  TIMEOUT: too late"]);
  seen("2.2.2.2");
  assertEquals(told(), ["2.2.2.2 1010 b"]);
});

Deno.test("a lord's newer sight takes the place of an older one; an older one does not", () => {
  const { clock, told, heard, seen } = setUp();
  seen("2.2.2.2");
  heard("3.3.3.3", 60);
  assertEquals(told(), ["2.2.2.2 1000 b"]);
  clock.seconds = 1_060;
  heard("3.3.3.3", 40);
  assertEquals(told(), ["3.3.3.3 1020 a"]);
  heard(null, 5);
  assertEquals(told(), ["1055 a"]);
  seen("1.1.1.1");
  assertEquals(told(), ["1.1.1.1 1060 b"]);
});

Deno.test("whole seconds hide no takeover, and one sight told again does not become younger", () => {
  const { clock, told, heard, seen } = setUp();
  seen("2.2.2.2");
  // The lord saw it within the same second, and the age is rounded.
  heard("3.3.3.3", 1);
  assertEquals(told(), ["3.3.3.3 999 a"]);
  for (const age of [9, 10, 11]) {
    clock.seconds = 1_009;
    heard("3.3.3.3", age);
  }
  assertEquals(told(), ["3.3.3.3 999 a"]);
  heard("3.3.3.3", 2);
  assertEquals(told(), ["3.3.3.3 1007 a"]);
});

Deno.test("the wall clock set back makes no sight the newest for long", () => {
  const { clock, told, heard, seen } = setUp();
  seen("2.2.2.2");
  clock.seconds = 400;
  heard("3.3.3.3", 30);
  assertEquals(told(), ["3.3.3.3 370 a"]);
});

Deno.test("addresses that this node does not have are passed over, however many are told", () => {
  const { sights, told, heard } = setUp();
  for (let n = 0; n < 1_000; n++) heard("3.3.3.3", 0, "a", `5.5.${n >> 8}.${n & 255}`);
  sights.seen({ ...about, ip: "5.5.5.5", pointsTo: "1.1.1.1" });
  assertEquals([told(), sights.all.map(({ ip }) => ip)], [["0"], ["4.4.4.4"]]);
});

Deno.test("an address and a server in another spelling are the same", () => {
  const { sights, heard } = setUp("2001:db8::");
  heard("3.3.3.3", 0, "a", "2001:0db8:0:0::0");
  assertEquals(sights.all.map(({ ip }) => ip), ["2001:db8::"]);
});

Deno.test("a problem of this node's own outlasts the sight of a lord", () => {
  const { sights, told, heard } = setUp();
  sights.seen({ ...about, ip: "4.4.4.4", problem: "ECONNREFUSED: no connection" });
  heard("3.3.3.3", 0);
  assertEquals(told(), ["3.3.3.3 1000 a  ECONNREFUSED: no connection"]);
});

Deno.test("a new lord makes the sights of others old, until it or this node has seen the address", () => {
  const { sights, told, heard, seen } = setUp();
  seen("2.2.2.2");
  sights.lord("a");
  assertEquals(told(), ["2.2.2.2 1000 b a"]);
  heard("3.3.3.3", 0);
  assertEquals(told(), ["3.3.3.3 1000 a"]);
  sights.lord("a");
  assertEquals(told(), ["3.3.3.3 1000 a"]);
  sights.lord("b");
  assertEquals(told(), ["3.3.3.3 1000 a b"]);
  seen("1.1.1.1");
  assertEquals(told(), ["1.1.1.1 1000 b"]);
});

Deno.test("an address never seen is not taken over", () => {
  const { sights, told } = setUp();
  sights.seen({ ...about, ip: "4.4.4.4", problem: "TIMEOUT: too late" });
  sights.lord("a");
  assertEquals(told(), ["0   TIMEOUT: too late"]);
});

Deno.test("the trouble of an address that no look tells of is over once another is lord", () => {
  for (const isBlind of [false, true]) {
    const sights = new Sights("b", () => 1_000);
    const settings = { ip: "4.4.4.4", url: "http://robot.example", activeServerIp: "1.1.1.1" };
    sights.keepOnly([{ ...keptByRobot(settings as KeptSettings), isBlind }]);
    sights.seen({ ...about, ip: "4.4.4.4", problem: "refused: HTTP_403" });
    sights.lord("b");
    assertEquals(sights.all[0].problem, "refused: HTTP_403");
    sights.lord("a");
    assertEquals(sights.all[0].problem, isBlind ? "" : "refused: HTTP_403");
  }
});

Deno.test("addresses that the configuration no longer has are forgotten", () => {
  const { sights, have, seen } = setUp("4.4.4.4", "5.5.5.5");
  seen("2.2.2.2");
  have("4.4.4.4");
  assertEquals(sights.all.map(({ ip, wanted }) => [ip, wanted]), [["4.4.4.4", "1.1.1.1"]]);
  have("5.5.5.5");
  assertEquals(sights.all.map(({ ip, seen }) => [ip, seen]), [["5.5.5.5", 0]]);
});
