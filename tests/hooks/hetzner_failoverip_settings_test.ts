import { assertEquals, assertThrows } from "@std/assert";
import { Invalid } from "../../lib/base/invalid.ts";
import { hetznerFailoverip } from "../../lib/hooks/hetzner_failoverip.ts";

const secrets: Record<string, string> = { "/pw": "a,b\\c" };
const secretIn = (path: string) => {
  if (path in secrets) return secrets[path];
  throw new Invalid("there is no such file");
};
const read = (argument: string) => hetznerFailoverip.read(argument, argument, secretIn);
const list = "user=u,pass=p,ip=4.4.4.4,active_server_ip=1.1.1.1";

Deno.test("every key has its place, decimals and the other names of keys are fine", () => {
  const more =
    "url=http://127.0.0.1:7/x,timeout=1.5,deadline=9,ssl_no_verify=,ca=/ca.pem,verify=0," +
    "proxy=http://u:p@10.0.0.1:3128";
  assertEquals(read(`${list},${more},reclaim=0,preflight=0`), {
    username: "u",
    password: "p",
    ip: "4.4.4.4",
    activeServerIp: "1.1.1.1",
    url: "http://127.0.0.1:7/x",
    timeoutMs: 1500,
    deadlineMs: 9000,
    sslNoVerify: true,
    ca: "/ca.pem",
    proxy: "http://u:p@10.0.0.1:3128",
    verifyMs: 0,
    reclaim: false,
    preflight: false,
  });
});

Deno.test("it may look each minute, and what is on may be said to be on", () => {
  const { verifyMs, reclaim, preflight } = read(
    `${list},verify=60,reclaim=1,preflight=1`,
  );
  assertEquals([verifyMs, reclaim, preflight], [60_000, true, true]);
});

Deno.test("the password may be in a file of its own", () => {
  const rest = "user=u,ip=4.4.4.4,active_ip=1.1.1.1";
  assertEquals(read(`${rest},password_file=/pw`).password, "a,b\\c");
  assertEquals(read(`${rest},password_file=/pw,password=`).password, "a,b\\c");
});

Deno.test("the deadline is three timeouts", () => {
  assertEquals(read(list).deadlineMs, 180_000);
  assertEquals(read(`${list},timeout=5`).deadlineMs, 15_000);
});

Deno.test("an IPv6 failover subnet is its net address, also in the URL", () => {
  const list = "user=u,pass=p,ip=2A01:04F8:FFF1:0::0,active_ip=2a01:4f8:1::";
  const { ip, url } = read(list);
  assertEquals(ip, "2A01:04F8:FFF1:0::0");
  assertEquals(url, "https://robot-ws.your-server.de/failover/2a01:4f8:fff1::");
});

const wrong: [what: string, argument: string, message: string][] = [
  [
    "a key that is required",
    "username=u,password=p,ip=4.4.4.4",
    "the key active_ip (or active_server_ip) is missing",
  ],
  [
    "a proxy that is none",
    `${list},proxy=socks5://u:p@10.0.0.1:3128`,
    "proxy: right would be http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, or none",
  ],
  [
    "an empty password",
    "username=u,password=,ip=4.4.4.4",
    "the key password (or pass), or password_file, is missing",
  ],
  [
    "a password twice",
    `${list},password_file=/pw`,
    "password and password_file are both there: right would be one",
  ],
  [
    "a password's file that is not there",
    "user=u,ip=4.4.4.4,active_ip=1.1.1.1,password_file=/none",
    "password_file: there is no such file",
  ],
  [
    "a key that nobody knows",
    `${list},timout=3`,
    'a key is not known: did you mean timeout? A comma in a value is written "\\,"',
  ],
  [
    "a password with a comma",
    "username=u,password=PASS,WORD,ip=4.4.4.4,active_ip=1.1.1.1",
    'item 3 has no "=": a comma in a value is written "\\,"',
  ],
  [
    "no address",
    "username=u,password=p,ip=4.4.4,active_ip=1.1.1.1",
    "ip: this is no IP address",
  ],
  [
    "an address of the server's subnet, not the net address",
    "username=u,password=p,ip=2a01:4f8:fff1::,active_ip=2a01:4f8:d0a:2003::2",
    "active_ip: the Robot knows an IPv6 subnet by its net address: right would be " +
    "2a01:4f8:d0a:2003::",
  ],
  [
    "an address of the failover subnet, not the net address",
    "username=u,password=p,ip=2a01:4f8:fff1::2,active_ip=2a01:4f8:d0a:2003::",
    "ip: the Robot knows an IPv6 subnet by its net address: right would be 2a01:4f8:fff1::",
  ],
  [
    "the failover address in place of the server's",
    "username=u,password=p,ip=2a01:4f8:fff1::,active_ip=2a01:4f8:fff1:0::",
    "active_ip is the failover address itself: right would be this server's own",
  ],
  [
    "addresses of two families",
    "username=u,password=p,ip=4.4.4.4,active_ip=2a01::",
    "ip and active_ip must both be IPv4 or both IPv6",
  ],
  [
    "a URL that is none",
    `${list},url=ftp://x/`,
    "url: it is no http or https URL",
  ],
  [
    "a URL with a password in it",
    `${list},url=https://u:PASS-WORD@x/`,
    "url: user and password have keys of their own",
  ],
  ...["u@x", ":PASS-WORD@x"].map((host): typeof wrong[number] => [
    `a URL with half of a login in it: ${host}`,
    `${list},url=https://${host}/`,
    "url: user and password have keys of their own",
  ]),
  [
    "looks that never end",
    `${list},verify=0.001`,
    "verify: at least 60 seconds, or 0 for never: 100 looks an hour are all there are",
  ],
  [
    "looks that come too often",
    `${list},verify=59`,
    "verify: at least 60 seconds, or 0 for never: 100 looks an hour are all there are",
  ],
  [
    "a switch that is neither on nor off",
    `${list},reclaim=yes`,
    "reclaim: right would be 1 or 0",
  ],
];
for (const [what, argument, message] of wrong) {
  Deno.test(`refused: ${what}`, () => {
    assertEquals(assertThrows(() => read(argument), Invalid).message, message);
  });
}

Deno.test("no zone, and no URL that only IPv6 reaches", () => {
  const refused = (list: string) => assertThrows(() => read(list), Invalid).message;
  assertEquals(refused("user=u,pass=p,ip=fe80::1%eth0,active_ip=::1"), "ip: this is no IP address");
  assertEquals(refused(`${list},url=http://[::1]/`), "url: the Robot is asked over IPv4");
});

Deno.test("the proxy is shown, and its password is not", () => {
  const shown = (argument: string) => hetznerFailoverip.describe(read(argument));
  const lines = shown(`${list},proxy=http://us:Secret@10.0.0.1:3128`);
  assertEquals(lines.includes("through the proxy 10.0.0.1:3128"), true);
  assertEquals(lines.join().includes("Secret"), false);
  assertEquals(shown(`${list},proxy=none`).join().includes("proxy"), false);
});
