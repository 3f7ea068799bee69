import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { describeConfiguration } from "../../lib/node/configuration.ts";
import { env, files, problemsOf, read } from "./read.ts";

Deno.test("what a configuration says, in lines to read", () => {
  const config = read(`[uwsgi]
plugin = hetzner
legion = failover 1.1.1.1:2000 9999 bf-cbc:secret1
legion-node = failover 2.2.2.2:2000
legion-quorum = failover 2
legion-lord = failover hetzner-failoverip:username=FOO,password=BAR,ip=4.4.4.4,active_ip=1.1.1.1
legion-lord = failover cmd:mail -s lord root
legion = votes [::1]:2000 0 aes-128-cbc:secret2 some-iv
legion-lease = votes off
legion-auth = votes hmac-sha256:secret3
legion-freq = 0.5
stats = 127.0.0.1:1717
stats-http = true
`);
  assertEquals(
    describeConfiguration(config),
    `f.ini, section [uwsgi]

legion failover
  address    1.1.1.1:2000  (line 3)
  valor      9999  (line 3)
  cipher     bf-cbc, secret ***  (line 3)
  voters     2: 1.1.1.1:2000 (this node), 2.2.2.2:2000
  nodes      2.2.2.2:2000  (line 4)
  quorum     2 votes  (line 5)
  lease      auto: unless a uWSGI node is a member
  members    at most 1000 other nodes
  failback   immediate: a higher valor takes the title back at once
  flapping   stand back when the title is lost more than 3 times in 600 s
  freq       announce each 0.5 s  (line 11)
  tolerance  drop a node after 15 s of silence
  clocks     may differ by 60 s
  lord error be lord all the same
  scrolls    of at most 4096 bytes
  hooks      each for at most 300 s
    line 6: lord: hetzner-failoverip: route 4.4.4.4 to 1.1.1.1
      by https://robot-ws.your-server.de/failover/4.4.4.4, user FOO, password ***
      60 s for a request, 180 s in all
      look once at the start
      look each 300 s as lord and take it back
    line 7: lord: cmd:mail -s lord root

legion votes
  address    [::1]:2000  (line 8)
  valor      0: an arbiter, which votes and is never lord  (line 8)
  cipher     aes-128-cbc, secret ***, IV ***  (line 8)
  voters     1: [::1]:2000 (this node)
  auth       hmac-sha256, secret ***  (line 10)
  nodes      none
  quorum     0: any number of votes will do
  lease      off: two nodes may be lord at one instant  (line 9)
  members    at most 1000 other nodes
  failback   immediate: a higher valor takes the title back at once
  flapping   stand back when the title is lost more than 3 times in 600 s
  freq       announce each 0.5 s  (line 11)
  tolerance  drop a node after 15 s of silence
  clocks     may differ by 60 s
  lord error be lord all the same
  scrolls    of at most 4096 bytes
  hooks      none
  hook limit each for at most 300 s

stats: 127.0.0.1:1717, as HTTP  (line 12; line 13)
passed over, for uWSGI alone: plugin
`,
  );
});

Deno.test("whatever an option changes is in those lines", () => {
  const list = "user=u,pass=p,ip=4.4.4.4,active_ip=1.1.1.1,timeout=1.5";
  const config = read(`[uwsgi]
legion-mcast = one 225.1.1.1:4242 7 bf-cbc:x
legion-node = one 10.0.0.3:4242
legion-node = one 10.0.0.1:4242
legion-node = one 225.1.1.1:4243
legion-quorum = one 2
legion-lease = one on
legion-release-time = one 2.5
legion-failback = one delay 60
legion-flap = one 4/900
legion-check = one http=http://127.0.0.1/health,name=web
legion-check = one http=http://127.0.0.1/,status=301,rise=1,fall=9
legion-check = one tcp=[::1]:5432,interval=5,timeout=4
legion-check = one cmd=mountpoint -q /srv
legion-scroll = one a text
legion-setup = one log:it begins
legion-lord = one hetzner-failoverip:${list},preflight=0,verify=0
legion-lord = one hetzner-failoverip:${list},reclaim=0,ca=/ca.pem,ssl_no_verify=1
legion = two 255.255.255.255:7 1 bf-cbc:x
legion-failback = two manual
legion-release-time = two 1
legion-skew-tolerance = 5
legion-death-on-lord-error = 30
legion-tolerance = 10
legion-hook-timeout = 20
stats = /run/x.sock
master = true
workers = 2
`);
  assertEquals(
    describeConfiguration(config),
    `f.ini, section [uwsgi]

legion one
  address    225.1.1.1:4242, multicast  (line 2)
  valor      7  (line 2)
  cipher     bf-cbc, secret ***  (line 2)
  voters     2: 10.0.0.1:4242 (this node), 10.0.0.3:4242
  nodes      225.1.1.1:4242, 10.0.0.3:4242, 10.0.0.1:4242, 225.1.1.1:4243  (line 3; line 4; line 5)
  quorum     2 votes  (line 6)
  lease      on: uWSGI members are ignored, release 2.5 s before it ends  (line 7)
  members    at most 1000 other nodes
  failback   after 60 s as an arbiter  (line 9)
  flapping   stand back when the title is lost more than 4 times in 900 s  (line 10)
  freq       announce each 3 s
  tolerance  drop a node after 10 s of silence  (line 24)
  clocks     may differ by 5 s  (line 22)
  lord error stand back for 30 s  (line 23)
  check      web: http=http://127.0.0.1/health, each 2 s for at most 1 s, rise 2, fall 3  (line 11)
  check      http: http=http://127.0.0.1/, status 301, each 2 s for at most 1 s, rise 1, fall 9  (line 12)
  check      tcp: tcp=[::1]:5432, each 5 s for at most 4 s, rise 2, fall 3  (line 13)
  check      cmd: cmd=mountpoint -q /srv, each 2 s for at most 1 s, rise 2, fall 3  (line 14)
  scroll     a text  (line 15)
  scrolls    of at most 4096 bytes
  hooks      each for at most 20 s  (line 25)
    line 16: setup: log:it begins
    line 17: lord: hetzner-failoverip: route 4.4.4.4 to 1.1.1.1
      by https://robot-ws.your-server.de/failover/4.4.4.4, user u, password ***
      1.5 s for a request, 4.5 s in all
    line 18: lord: hetzner-failoverip: route 4.4.4.4 to 1.1.1.1
      by https://robot-ws.your-server.de/failover/4.4.4.4, user u, password ***
      1.5 s for a request, 4.5 s in all
      look once at the start
      look each 300 s as lord and warn
      trust /ca.pem
      do not verify the certificate

legion two
  address    255.255.255.255:7, broadcast  (line 19)
  valor      1  (line 19)
  cipher     bf-cbc, secret ***  (line 19)
  voters     not listed
  nodes      none
  quorum     0: any number of votes will do
  lease      auto: unless a uWSGI node is a member, release 1 s before it ends
  members    at most 1000 other nodes
  failback   manual: an arbiter until \`failover promote\`  (line 20)
  flapping   stand back when the title is lost more than 3 times in 600 s
  freq       announce each 3 s
  tolerance  drop a node after 10 s of silence  (line 24)
  clocks     may differ by 5 s  (line 22)
  lord error stand back for 30 s  (line 23)
  scrolls    of at most 4096 bytes
  hooks      none
  hook limit each for at most 20 s  (line 25)

stats: /run/x.sock  (line 26)
passed over, for uWSGI alone: master, workers
warning: f.ini:18: hetzner-failoverip: ssl_no_verify: anybody on the way can read the password
warning: f.ini:19: legion two: without legion-quorum each of two halves may have a lord
warning: f.ini:19: legion two: its nodes are not listed, so there is no lease, and two may be lord at one instant: right would be a legion-node line for each node, this one too
`,
  );
});

Deno.test("each value is shown with the place that it comes from", () => {
  files["/key"] = "SECRET\n";
  files["/nodes.ini"] = `[uwsgi]
for = 10.0.0.2 10.0.0.3
legion-node = one %(_):%(port)
endfor
ini = :mine
[mine]
legion-quorum = one 2
`;
  const shown = describeConfiguration(read(`[uwsgi]
if-hostname = vm
port = 2000
endif
include = /nodes.ini
legion = one 10.0.0.1:%(port) 7 aes-256-cbc:@(/key)
robot = user=u,password=p
legion-lord = one hetzner-failoverip:%(robot),ip=4.4.4.4,active_ip=1.1.1.1
stats = %d%n.sock
`));
  for (
    const line of [
      "f.ini, section [uwsgi], with /nodes.ini\n",
      "  address    10.0.0.1:2000  (line 6, %(port) of line 3, @(/key))\n",
      "  nodes      10.0.0.2:2000, 10.0.0.3:2000  (/nodes.ini:3, included from line 5, %(port) of line 3)\n",
      "  quorum     2 votes  (/nodes.ini:7, included from /nodes.ini:5)\n",
      "    line 8, %(robot) of line 7: lord: hetzner-failoverip: route 4.4.4.4 to 1.1.1.1\n",
      "stats: /srv/f.sock  (line 9)\n",
    ]
  ) assertStringIncludes(shown, line);
});

Deno.test("as long as no listed address is on this machine, this node is not known", () => {
  const shown = (own: string) =>
    describeConfiguration(read(`[uwsgi]
legion = one :2 1 bf-cbc:x
legion-node = one ${own}
legion-node = one 10.0.0.3:2
legion-quorum = one 2
`));
  assertStringIncludes(
    shown("10.0.0.2:2"),
    "\n  voters     2: 10.0.0.2:2, 10.0.0.3:2; this node is not known yet\n",
  );
  assertStringIncludes(
    shown("10.0.0.1:2"),
    "\n  voters     2: 10.0.0.1:2 (this node), 10.0.0.3:2\n",
  );
});

Deno.test("without a stats option there is a socket all the same, and never by HTTP", () => {
  for (const more of ["", "stats-http = true\n"]) {
    const shown = describeConfiguration(
      read(`[uwsgi]\nlegion = one 127.0.0.1:1 1 bf-cbc:x\n${more}`),
    );
    const [, end] = shown.split("\n\nstats: ");
    assertEquals(end, "a UNIX socket, where failover status asks by itself\n");
  }
});

Deno.test("no secret is shown, wherever it comes from", () => {
  env.MARKER = "SECRET-ENV";
  files["/marker"] = "SECRET-FILE\n";
  const shown = describeConfiguration(read(`[uwsgi]
legion = one 127.0.0.1:1 1 bf-cbc:SECRET-KEY SECRET-IV
pw = SECRET-PASS
legion-lord = one hetzner-failoverip:user=u,pass=%(pw),ip=4.4.4.4,active_ip=1.1.1.1
legion-lord = one cmd:curl -u u:$(MARKER) -H @(/marker) https://example.com
legion-check = one cmd=curl -fsku u:$(MARKER) @(/marker)
`));
  assertEquals(shown.includes("SECRET"), false, shown);
  assertStringIncludes(shown, "cmd:curl -u u:$(MARKER) -H @(/marker) https://example.com");
  assertStringIncludes(shown, "cmd=curl -fsku u:$(MARKER) @(/marker), each 2 s");
});

Deno.test("of a URL no value of its query is shown, and what the parameters are called is", () => {
  const shown = describeConfiguration(read(`[uwsgi]
legion = one 127.0.0.1:1 1 bf-cbc:x
legion-check = one http=https://10.0.0.1:8443/health?token=SECRET&SECRET&all=SECRET,status=204
legion-check = one cmd=curl -f "http://127.0.0.1/?key=SECRET"
legion-lord = one cmd:curl https://user:SECRET@example.com/hook?key=SECRET -d lord
legion-lord = one log:see http://127.0.0.1/?key=SECRET
legion-lord = one hetzner-failoverip:user=u,pass=p,ip=4.4.4.4,active_ip=1.1.1.1,url=https://proxy.example/failover/4.4.4.4?key=SECRET
`));
  assertEquals(shown.includes("SECRET"), false, shown);
  assertStringIncludes(
    shown,
    "http=https://10.0.0.1:8443/health?token=***&***&all=***, status 204,",
  );
  assertStringIncludes(shown, 'cmd=curl -f "http://127.0.0.1/?key=***",');
  assertStringIncludes(shown, "cmd:curl https://***@example.com/hook?key=*** -d lord\n");
  assertStringIncludes(shown, "log:see http://127.0.0.1/?key=***\n");
  assertStringIncludes(shown, "by https://proxy.example/failover/4.4.4.4?key=***, user u,");
});

const good = [
  "legion = two 127.0.0.1:1 1 bf-cbc:HIDDEN HIDDEN-IV",
  "legion-node = one 127.0.0.1:2",
  "legion-quorum = one 2",
  "legion-freq = 3",
  "legion-lord = one hetzner-failoverip:user=u,pass=HIDDEN,ip=4.4.4.4,active_ip=1.1.1.1,timeout=9",
];

/** What is said of a line, in a configuration that is right but for it. */
const saidOf = (line: string) =>
  problemsOf(`[uwsgi]\nlegion = one 127.0.0.1:1 1 bf-cbc:HIDDEN\npw = HIDDEN\n${line}\n`);

Deno.test("no secret is in what is said of a mistake", () => {
  assertEquals(good.flatMap(saidOf), []);
  const hetzner = "legion-lord = one hetzner-failoverip";
  const lines = [
    "legion = two 127.0.0.1 1 bf-cbc:HIDDEN HIDDEN",
    "legion = two 127.0.0.1:1 bf-cbc:HIDDEN HIDDEN",
    "legion = two bf-cbc:HIDDEN 127.0.0.1:1 1",
    "legion = two 127.0.0.1:1 1 HIDDEN",
    "legion = two 127.0.0.1:1 1 HIDDEN:x",
    "legion = two 127.0.0.1:1 1 my-HIDDEN",
    "legion = two 127.0.0.1:1 1 xy-cbc:HIDDEN",
    "legion-node = one 127.0.0.1:1 1 bf-cbc:HIDDEN",
    "legion-quorum = one HIDDEN",
    "legion-freq = HIDDEN",
    "stats = HIDDEN:1",
    "stats = @HIDDEN",
    "legion-lord = hetzner-failoverip:user=u,pass=two HIDDEN",
    "legion-lord = hetzner-failoverip:user=u,pass=HIDDEN words",
    "legion-lord = one user=u,pass=HIDDEN",
    `${hetzner} user=u,pass=HIDDEN`,
    `${hetzner}=user=u,pass=HIDDEN`,
    `${hetzner}:user=u,pass=HIDDEN`,
    `${hetzner}:user=u,pass=x,HIDDEN`,
    `${hetzner}:user=u,pass=x,HIDDEN=x,ip=4.4.4.4,active_ip=1.1.1.1`,
    `${hetzner}:user=u,pass=x,ip=HIDDEN,active_ip=1.1.1.1`,
    ...[
      "url=https://u:HIDDEN@x/",
      "url=HIDDEN",
      "verify=HIDDEN",
      "timeout=HIDDEN",
      "reclaim=HIDDEN",
    ]
      .map((pair) => `${hetzner}:user=u,pass=HIDDEN,ip=4.4.4.4,active_ip=1.1.1.1,${pair}`),
    ...["@(%(pw))", "$(%(pw))", "%(%(pw))"].map((pass) => `${hetzner}:user=u,pass=${pass}`),
  ];
  for (const line of lines) {
    const problems = saidOf(line);
    assertEquals([problems.length > 0, problems.join().includes("HIDDEN")], [true, false], line);
  }
});

Deno.test("nor when parts of a line are missing, swapped or joined", () => {
  const separators = fc.constantFrom(" ", ":", ",", "=", "\\", "");
  const mistake = fc.constantFrom(...good).chain((line) => {
    const [key, value] = line.split(" = ");
    const parts = fc.shuffledSubarray(value.split(/[ :,=]/));
    return fc.tuple(parts, fc.array(separators, { minLength: 20, maxLength: 20 }))
      .map(([parts, between]) => `${key} = ${parts.map((part, i) => part + between[i]).join("")}`);
  });
  fc.assert(
    fc.property(mistake, (line) => assertEquals(saidOf(line).join().includes("HIDDEN"), false)),
    { numRuns: 500 },
  );
});
