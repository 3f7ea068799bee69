import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { describeConfig } from "../../lib/config/describe.ts";
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
    describeConfig(config),
    `f.ini, section [uwsgi]

legion failover
  address    1.1.1.1:2000
  valor      9999
  cipher     bf-cbc, secret ***
  nodes      2.2.2.2:2000
  quorum     2 votes
  lease      auto: with a majority as quorum, and no uWSGI member
  failback   immediate: a higher valor takes the title back at once
  flapping   stay out when the title is lost more than 3 times in 600 s
  freq       announce each 0.5 s
  tolerance  drop a node after 15 s of silence
  clocks     may differ by 60 s
  lord error be lord all the same
  hooks      each for at most 300 s
    line 6: lord: hetzner-failoverip: route 4.4.4.4 to 1.1.1.1
      by https://robot-ws.your-server.de/failover/4.4.4.4, user FOO, password ***
      60 s for a request, 180 s in all
      look once at the start
      look each 300 s as lord and take it back
    line 7: lord: cmd:mail -s lord root

legion votes
  address    [::1]:2000
  valor      0: an arbiter, which votes and is never lord
  cipher     aes-128-cbc, secret ***, IV ***
  auth       hmac-sha256, secret ***
  nodes      none
  quorum     0: any number of votes will do
  lease      off: two nodes may be lord at one instant
  failback   immediate: a higher valor takes the title back at once
  flapping   stay out when the title is lost more than 3 times in 600 s
  freq       announce each 0.5 s
  tolerance  drop a node after 15 s of silence
  clocks     may differ by 60 s
  lord error be lord all the same
  hooks      none

stats: 127.0.0.1:1717, as HTTP
passed over, for uWSGI alone: plugin
`,
  );
});

Deno.test("without a stats option there is a socket all the same", () => {
  const shown = describeConfig(read("[uwsgi]\nlegion = one 127.0.0.1:1 1 bf-cbc:x\n"));
  assertStringIncludes(shown, "\nstats: a UNIX socket, where failover status asks by itself\n");
});

Deno.test("no secret is shown, wherever it comes from", () => {
  env.MARKER = "SECRET-ENV";
  files["/marker"] = "SECRET-FILE\n";
  const shown = describeConfig(read(`[uwsgi]
legion = one 127.0.0.1:1 1 bf-cbc:SECRET-KEY SECRET-IV
pw = SECRET-PASS
legion-lord = one hetzner-failoverip:user=u,pass=%(pw),ip=4.4.4.4,active_ip=1.1.1.1
legion-lord = one cmd:curl -u u:$(MARKER) -H @(/marker) https://example.com
`));
  assertEquals(shown.includes("SECRET"), false, shown);
  assertStringIncludes(shown, "cmd:curl -u u:$(MARKER) -H @(/marker) https://example.com");
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
    "legion = two 127.0.0.1:1 1 bf-cbc:HIDDEN HIDDEN HIDDEN",
    "legion-node = one 127.0.0.1:1 1 bf-cbc:HIDDEN",
    "legion-quorum = one HIDDEN",
    "legion-freq = HIDDEN",
    "stats = HIDDEN:1",
    "stats = HIDDEN",
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
