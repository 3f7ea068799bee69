import { assertEquals } from "@std/assert";
import { quotaSums, quotaWarnings } from "../../lib/node/quota_sums.ts";
import { read } from "../config/read.ts";

const nodes = (count: number, legion = "one") =>
  Array.from({ length: count - 1 }, (_, at) => `legion-node = ${legion} 2.2.2.${at}:2000`);

function hooks(
  count: number,
  { more = "", event = "lord", legion = "one", from = 0, user = "U", url = "" } = {},
) {
  return Array.from({ length: count }, (_, at) => {
    const ip = `4.4.4.${from + at}`;
    const asked = url === "" ? "" : `,url=${url}${ip}`;
    return `legion-${event} = ${legion} hetzner-failoverip:user=${user},password=P,ip=${ip},` +
      `active_ip=1.1.1.1${more}${asked}`;
  });
}

const text = (...lines: string[]) =>
  ["[uwsgi]", "legion = one 1.1.1.1:2000 10 bf-cbc:x", ...lines, ""].join("\n");

const table: [what: string, lines: string[], looks: number, reserved: number, moves: number][] = [
  ["the usual", [...nodes(3), ...hooks(1)], 12, 15, 3],
  ["nine are one look", [...nodes(3), ...hooks(9)], 12, 50, 27],
  [
    "each by itself, where the URL has no list",
    [
      ...nodes(3),
      ...hooks(4, { url: "http://127.0.0.1:1/?" }),
    ],
    48,
    50,
    12,
  ],
  [
    "two paces",
    [
      ...nodes(2),
      ...hooks(1, { more: ",verify=60" }),
      ...hooks(1, { from: 1, more: ",verify=3600" }),
      ...hooks(1, { from: 2, more: ",verify=0" }),
    ],
    61,
    45,
    6,
  ],
  ["a part of a look counts as a whole", [...hooks(1, { more: ",verify=3500" })], 2, 15, 1],
  [
    "other events move addresses too, and watch none",
    [
      ...nodes(3),
      ...hooks(1),
      ...hooks(1, { event: "unlord" }),
    ],
    12,
    15,
    6,
  ],
  [
    "each legion has a lord",
    [
      "legion = two 1.1.1.1:3000 10 bf-cbc:x",
      ...nodes(3),
      ...nodes(2, "two"),
      ...hooks(1),
      ...hooks(1, { legion: "two", from: 1 }),
    ],
    24,
    30,
    5,
  ],
];

for (const [what, lines, looks, reserved, moves] of table) {
  Deno.test(`quotaSums: ${what}`, () => {
    const sums = quotaSums(read(text(...lines)));
    assertEquals(sums.map((sum) => [sum.looks, sum.reserved, sum.moves]), [[
      looks,
      reserved,
      moves,
    ]]);
    assertEquals(sums[0].quota, { looksPerHour: 100, movesPerHour: 50 });
  });
}

Deno.test("quotaSums: each account has its own, and a legion without addresses has none", () => {
  const both = text(...hooks(1), ...hooks(1, { from: 1, user: "V" }));
  assertEquals(quotaSums(read(both)).map(({ addresses }) => addresses), [1, 1]);
  assertEquals(quotaSums(read(text("legion-lord = one log:hello"))), []);
});

Deno.test("quotaWarnings: looks that would be left out, and switches that are too many", () => {
  const single = hooks(4, { more: ",verify=60", url: "http://127.0.0.1:1/?" });
  assertEquals(quotaWarnings(read(text(...nodes(3), ...single))), [
    "f.ini:5: the Robot allows an account 100 looks an hour, of which a takeover of 4 addresses " +
    "may need 50; as lord these nodes take 240, and leave some out: look more rarely (verify)",
  ]);
  assertEquals(quotaWarnings(read(text(...nodes(3), ...hooks(17)))), [
    "f.ini:5: the Robot allows an account 50 switches an hour; a takeover of 17 addresses by each " +
    "of 3 nodes needs 51: use several accounts",
  ]);
  for (const more of [",verify=60", ",verify=0"]) {
    assertEquals(quotaWarnings(read(text(...nodes(3), ...hooks(1, { more })))), []);
  }
});

Deno.test("quotaWarnings: they are among those of the configuration", () => {
  const { warnings } = read(text(...nodes(3), ...hooks(17)));
  assertEquals(warnings.filter((warning) => /50 switches an hour/.test(warning)).length, 1);
});
