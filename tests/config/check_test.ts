import { assertEquals, assertThrows } from "@std/assert";
import { asksShell, parseCheck } from "../../lib/config/check.ts";
import { Invalid } from "../../lib/base/invalid.ts";
import { read, text } from "./read.ts";

const parse = (list: string) => parseCheck(list, list);
const usual = { intervalMs: 2_000, timeoutMs: 1_000, rise: 2, fall: 3, leader: false };

Deno.test("without a word a check runs each 2 s for 1 s, rises by 2, falls by 3, named for its kind", () => {
  assertEquals(
    ["cmd=mountpoint -q /srv", "http=http://127.0.0.1/health", "tcp=1.2.3.4:5"].map(parse),
    [
      {
        name: "cmd",
        probe: { kind: "cmd", command: "mountpoint -q /srv", written: "mountpoint -q /srv" },
        ...usual,
      },
      {
        name: "http",
        probe: { kind: "http", url: "http://127.0.0.1/health", status: 0 },
        ...usual,
      },
      { name: "tcp", probe: { kind: "tcp", address: { host: "1.2.3.4", port: 5 } }, ...usual },
    ],
  );
});

Deno.test("every key of a check has its place", () => {
  const name = `Web_1.a-${"b".repeat(56)}`;
  const list =
    `name=${name},status=301,interval=5,timeout=.5,rise=1,fall=7,leader=1,http=https://h/x?y=1`;
  assertEquals(parse(list), {
    name,
    probe: { kind: "http", url: "https://h/x?y=1", status: 301 },
    intervalMs: 5_000,
    timeoutMs: 500,
    rise: 1,
    fall: 7,
    leader: true,
  });
});

Deno.test("of a check's command the references are shown as they are written", () => {
  const { probe } = parseCheck("name=a,cmd=curl -u u:SECRET", "name=a,cmd=curl -u u:$(X)");
  assertEquals(probe, { kind: "cmd", command: "curl -u u:SECRET", written: "curl -u u:$(X)" });
});

Deno.test("to reach a port without a host is to reach it on this machine", () => {
  assertEquals(parse("tcp=:5432").probe, {
    kind: "tcp",
    address: { host: "127.0.0.1", port: 5432 },
  });
});

Deno.test("the statuses of HTTP are 100 to 599", () => {
  const status = (text: string) => {
    const { probe } = parse(`http=http://h/,status=${text}`);
    return probe.kind === "http" && probe.status;
  };
  assertEquals(["100", "599"].map(status), [100, 599]);
  for (const wrong of ["99", "600"]) {
    assertThrows(() => status(wrong), Invalid, "status: right would be 100 to 599");
  }
});

const wrong: [list: string, message: string][] = [
  ["name=web", "right would be one of cmd=, http= and tcp="],
  ["cmd=true,tcp=1.1.1.1:1", "right would be one of cmd=, http= and tcp="],
  ["cmd=", "the key cmd is missing"],
  ["tcp=1.1.1.1:1,status=200", "status: only http has one"],
  ["cmd=true,ca=/etc/ca.pem", "ca: only http has one"],
  ["http=http://h/,status=ok", "http: status: right would be a whole number from 0"],
  ["http=ftp://h/", "http: it is no http or https URL"],
  ["http=h", "http: it is no http or https URL"],
  ["http=http://u@h/", "http: a check sends no user and password; use cmd= with curl"],
  ["http=http://:SECRET@h/", "http: a check sends no user and password; use cmd= with curl"],
  [
    "tcp=db:5432",
    "tcp: no address: the host is no IP address, and names are not looked up; " +
    "right would be 1.2.3.4:2000, [::1]:2000 or :2000",
  ],
  ["cmd=true,interval=0", "interval: right would be a number of seconds: 0.001 to 86400"],
  ["cmd=true,timeout=-1", "timeout: right would be a number of seconds: 0.001 to 86400"],
  ["cmd=true,rise=0", "rise: right would be a whole number from 1"],
  ["cmd=true,fall=0", "fall: right would be a whole number from 1"],
  ["cmd=true,leader=yes", "leader: right would be 1 or 0"],
  ["cmd=true,name=a b", "name: right would be up to 64 letters, digits, and . _ -"],
  ["cmd=true,name=", "name: right would be up to 64 letters, digits, and . _ -"],
  [`cmd=true,name=${"a".repeat(65)}`, "name: right would be up to 64 letters, digits, and . _ -"],
  [
    "cmd=true,intervall=3",
    'a key is not known: did you mean interval? A comma in a value is written "\\,"',
  ],
];
for (const [list, message] of wrong) {
  Deno.test(`no check: ${list.slice(0, 40)}`, () => {
    assertEquals(assertThrows(() => parse(list), Invalid).message, message);
  });
}

Deno.test("a check is for the shell where it is a command", () => {
  const lists = ["cmd=x", "name=a,cmd=x", "http=http://h/?cmd=x", "name=xcmd=y"];
  assertEquals(lists.map(asksShell), [true, true, false, false]);
});

Deno.test("a number that tells checks apart is not one that the file has given already", () => {
  const names = (...names: string[]) =>
    read(text + names.map((name) => `legion-check = one tcp=:1,name=${name}\n`).join(""))
      .legions[0].checks.map(({ name }) => name);
  assertEquals(names("web", "web-2", "web"), ["web", "web-2", "web-3"]);
  assertEquals(names("web", "web", "web-2"), ["web", "web-2", "web-2-2"]);
});

Deno.test("checks of one name are told apart by numbers", () => {
  const { checks } = read(`${text}legion = two 127.0.0.1:2 1 bf-cbc:x
legion-check = one tcp=:1
legion-check = two tcp=:2
legion-check = one tcp=:3
legion-check = one cmd=true
legion-check = one tcp=:4
`).legions[0];
  assertEquals(checks.map(({ name, line }) => `${line} ${name}`), [
    "4 tcp",
    "6 tcp-2",
    "7 cmd",
    "8 tcp-3",
  ]);
});
