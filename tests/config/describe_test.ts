import { assertEquals, assertStringIncludes } from "@std/assert";
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
  freq       announce each 0.5 s
  tolerance  drop a node after 15 s of silence
  clocks     may differ by 60 s
  lord error be lord all the same
  hooks      each for at most 300 s
    line 6: lord: hetzner-failoverip: route 4.4.4.4 to 1.1.1.1 by https://robot-ws.your-server.de/failover/4.4.4.4, user FOO, password ***, 60 s for a request, 180 s in all
    line 7: lord: cmd:mail -s lord root

legion votes
  address    [::1]:2000
  valor      0: an arbiter, which votes and is never lord
  cipher     aes-128-cbc, secret ***, IV ***
  nodes      none
  quorum     0: any number of votes will do
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

Deno.test("no secret is in what is said of a mistake", () => {
  const lines = [
    "legion = one 127.0.0.1 1 bf-cbc:HIDDEN HIDDEN",
    "legion = one 127.0.0.1:1 x bf-cbc:HIDDEN HIDDEN",
    "legion = one 127.0.0.1:1 1 HIDDEN",
    "legion = one 127.0.0.1:1 1 my-HIDDEN",
    "legion = one 127.0.0.1:1 1 bf-cbc:HIDDEN HIDDEN HIDDEN",
    "legion = one 127.0.0.1:1 1 xy-cbc:HIDDEN",
    ...["ip=4.4.4.4,x=HIDDEN", "HIDDEN", "ip=4.4.4.4,url=https://u:HIDDEN@x/", "verify=1,user=u"]
      .map((list) => `legion-lord = one hetzner-failoverip:user=u,pass=HIDDEN,${list}`),
  ];
  for (const line of lines) {
    const problems = problemsOf(`[uwsgi]\nlegion = one 127.0.0.1:1 1 bf-cbc:HIDDEN\n${line}\n`);
    assertEquals([problems.length > 0, problems.join().includes("HIDDEN")], [true, false], line);
  }
});
