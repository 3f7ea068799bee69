import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import type { Config } from "../../../lib/config/config.ts";
import { readConfiguration } from "../../../lib/node/configuration.ts";
import type { KeptFloatingIp } from "../../../lib/hcloud/floating.ts";
import type { KeptSettings } from "../../../lib/robot/provider.ts";
import { newSecret } from "../../../lib/cli/init/_files.ts";
import { type InitPlaces, nextSteps } from "../../../lib/cli/init/_next.ts";
import { planOf } from "../../../lib/cli/init/_options.ts";
import { cloudInit } from "../../../lib/cli/init/_cloud.ts";
import { robotInit } from "../../../lib/cli/init/_robot.ts";
import { configurationText } from "../../../lib/cli/init/_text.ts";
import { unwise } from "../../../lib/cli/init/_unwise.ts";
import { command } from "../../../lib/cli/init/init.ts";
import { parseOptions } from "../../../lib/cli/options.ts";
import { UsageError } from "../../../lib/cli/usage_error.ts";
import { machine } from "../../config/read.ts";

const secret = newSecret();

const plan = (args: readonly string[], localHosts: readonly string[] = []) => {
  const options = parseOptions(args, command.help);
  const provider = options.flag("hcloud") ? cloudInit : robotInit;
  return planOf(options, {
    canAsk: false,
    localHosts,
    secretFile: "/etc/failover.secret",
    provider,
    keyFile: `/etc/failover${provider.keyFile.ending}`,
  });
};

/** What the configuration of a plan says, when it is loaded. */
function loaded(args: readonly string[], password = "BAR"): Config {
  const files = new Map([
    ["/etc/failover.ini", configurationText(plan(args))],
    ["/etc/failover.secret", `${secret}\n`],
    ["/etc/failover.password", `${password}\n`],
    ["/etc/failover.token", "TOKEN\n"],
  ]);
  return readConfiguration("/etc/failover.ini", {
    env: () => undefined,
    readFile: (path) => files.get(path) ?? "",
    isPublic: () => false,
    localHosts: () => [],
    machine,
  });
}

const four = ["--addresses", "1.1.1.1,2.2.2.2,3.3.3.3", "--ip", "4.4.4.4", "--user", "FOO"];
const six = [
  ...["--addresses", "2001:4f8::1, [2001:4f8::2]", "--arbiters", "2001:4f8::3"],
  ...["--ip", "2001:4f8:fff::", "--user", "FOO"],
];

Deno.test("each server has its own address, the others as nodes, and its valor by position", () => {
  const hosts = ["1.1.1.1", "2.2.2.2", "3.3.3.3"];
  for (const [index, host] of hosts.entries()) {
    const { legions: [legion], warnings, passedOver } = loaded([...four, "--me", host]);
    assertEquals([warnings, passedOver], [[], []]);
    assertEquals(legion.address, { host, port: 2000 });
    assertEquals(legion.nodes.map(({ host }) => host), hosts.toSpliced(index, 1));
    assertEquals([legion.valor, legion.quorum, legion.lease], [9999 - index, 2, "on"]);
    assertEquals([legion.freqMs, legion.toleranceMs], [1000, 3000]);
    assertEquals([legion.secret, legion.authSecret], [secret, secret]);
    const [{ event, action }] = legion.hooks;
    if (action.kind !== "hetzner-failoverip") throw new Error(action.kind);
    const { username, password, ip, activeServerIp } = action.settings as KeptSettings;
    assertEquals(
      [event, username, password, ip, activeServerIp],
      ["lord", "FOO", "BAR", "4.4.4.4", host],
    );
  }
});

Deno.test("IPv6: brackets where they belong, and an arbiter that only votes", () => {
  const first = loaded([...six, "--me", "2001:4F8:0::1"]).legions[0];
  assertEquals(first.address, { host: "2001:4f8::1", port: 2000 });
  assertEquals(first.nodes.map(({ host }) => host), ["2001:4f8::2", "2001:4f8::3"]);
  const arbiter = loaded([...six, "--me", "2001:4f8::3"]);
  const { valor, quorum, hooks } = arbiter.legions[0];
  assertEquals([valor, quorum, hooks, arbiter.warnings], [0, 2, [], []]);
});

Deno.test("behind NAT a node listens on all addresses, and is known by the listed one", () => {
  for (const [args, host] of [[four, "1.1.1.1"], [six, "2001:4f8::1"]] as const) {
    const { legions: [legion], warnings } = loaded([...args, "--me", host, "--nat"]);
    const { address, ownAddress, node, voters } = legion;
    assertEquals(address, { host: host.includes(":") ? "::" : "0.0.0.0", port: 2000 });
    assertEquals([ownAddress?.host, warnings], [host, []]);
    assertEquals([node?.includes(host), voters.length], [true, 3]);
  }
});

Deno.test("a name, a port, a valor, and a user with a comma are taken as they are", () => {
  const more = ["--name", "web", "--port", "2001", "--valor", "7", "--me=2.2.2.2"];
  const { legions: [legion] } = loaded([...four.slice(0, -1), "F,O\\O", ...more]);
  assertEquals([legion.name, legion.address.port, legion.valor], ["web", 2001, 7]);
  const [{ action }] = legion.hooks;
  assertEquals(action.kind, "hetzner-failoverip");
  assertEquals((action.settings as KeptSettings).username, "F,O\\O");
});

Deno.test("with --uwsgi there is nothing in it that uWSGI does not know", () => {
  const { legions: [legion], warnings } = loaded([...four, "--me=1.1.1.1", "--uwsgi"]);
  assertEquals([legion.authSecret, legion.lease, warnings], [undefined, "auto", []]);
  assertEquals(legion.toleranceMs, 60_000);
});

Deno.test("each option has a comment above it, and no line is too long to read", () => {
  const text = configurationText(plan([...four, "--me=1.1.1.1", "--nat"]));
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.startsWith(";")) assertEquals(line.length <= 100, true, line);
    if (!/^[a-z]/.test(line)) continue;
    const key = line.split(" ")[0];
    assertEquals(lines[index - 1].startsWith(";") || lines[index - 1].startsWith(key), true, line);
  }
});

Deno.test("this server is the one whose address is on this machine", () => {
  assertEquals(plan(four, ["127.0.0.1", "2.2.2.2"]).me.host, "2.2.2.2");
  for (const local of [[], ["1.1.1.1", "2.2.2.2"]]) {
    assertThrows(() => plan(four, local), UsageError, ": give --me, such as");
  }
  assertEquals(plan(six, ["2001:4f8::3"]).valor, 0);
});

Deno.test("who may be lord must know an address and a user, and an arbiter need not", () => {
  const three = ["--addresses=1.1.1.1,2.2.2.2", "--arbiters=3.3.3.3"];
  assertEquals(plan([...three, "--me=3.3.3.3"]).valor, 0);
  assertEquals(plan([...three, "--me=1.1.1.1", "--valor=0"]).valor, 0);
  for (const more of [["--me=1.1.1.1"], ["--me=3.3.3.3", "--valor=7"]]) {
    assertThrows(() => plan([...three, ...more]), UsageError, ": give --ip, --user, such as");
  }
});

Deno.test("a private address is for the legion, and --active-ip for the Robot", () => {
  const args = ["--addresses=10.0.0.1,10.0.0.2,10.0.0.3", "--me=10.0.0.1", ...four.slice(2)];
  assertThrows(() => plan(args), UsageError, "no private address such as 10.0.0.1: give");
  const made = plan([...args, "--active-ip=1.1.1.1"]);
  assertEquals(made.me.host, "10.0.0.1");
  assertStringIncludes(made.failover!.action, ",active_ip=1.1.1.1");
  assertStringIncludes(next(made), "--active-ip MAIN-ADDRESS-OF-10.0.0.2 ");
});

Deno.test("of a subnet the Robot wants the net address of the server's own, which --me tells", () => {
  const { action } = loaded([...six, "--me=2001:4f8::1"]).legions[0].hooks[0];
  assertEquals((action.settings as KeptSettings).activeServerIp, "2001:4f8::");
  assertEquals(next(plan([...six, "--me=2001:4f8::1"])).includes("--active-ip"), false);
  const four = [
    "--addresses=1.1.1.1,2.2.2.2",
    "--me=1.1.1.1",
    "--ip=2a01:4f8:fff1::",
    "--user=FOO",
  ];
  assertThrows(
    () => plan(four),
    UsageError,
    "give the net address of this server's main IPv6 subnet as --active-ip, such as 2a01:",
  );
  for (const option of ["--active-ip=2a01:4f8:1::2", "--ip=2a01:4f8:1::2"]) {
    const wrong = [...four.filter((each) => !option.startsWith(each.split("=")[0])), option];
    assertThrows(() => plan(wrong), UsageError, "an IPv6 subnet by its net address, 2a01:4f8:1::");
  }
  assertThrows(() => plan([...four, "--active-ip=2a01:4f8:fff1::"]), UsageError, "itself");
  const made = plan([...four, "--active-ip=2a01:4f8:1::"]);
  assertStringIncludes(made.failover!.action, ",active_ip=2a01:4f8:1::");
  assertStringIncludes(next(made), "--active-ip IPV6-NET-OF-2.2.2.2 ");
});

const cloud = ["--hcloud", "--addresses=10.0.0.1,10.0.0.2,10.0.0.3", "--me=10.0.0.1"];

Deno.test("with --hcloud the Cloud gives a floating IP to this server, by the project's token", () => {
  for (
    const [given, ip] of [
      ["131.232.99.1", "131.232.99.1"],
      // As the Cloud's console and hcloud show a subnet, or as an address of it.
      ["2001:db8:f::/64", "2001:db8:f::"],
      ["2001:db8:f::7", "2001:db8:f::"],
    ]
  ) {
    const { legions: [legion], warnings } = loaded([...cloud, `--ip=${given}`]);
    const [{ event, action }] = legion.hooks;
    const { token, server, by, ip: taken } = action.settings as KeptFloatingIp;
    assertEquals([event, action.kind, warnings], ["lord", "hcloud-floating-ip", []]);
    assertEquals([token, server, by, taken], ["TOKEN", "self", "ip", ip]);
  }
});

Deno.test("with --hcloud the other servers are given the token, and its arbiters are not", () => {
  const steps = next(plan([...cloud, "--arbiters=10.0.0.9", "--ip=131.232.99.1"]));
  assertStringIncludes(
    steps,
    `   scp -p /etc/failover.secret /etc/failover.token root@10.0.0.2:/etc/
   ssh root@10.0.0.2 failover init --addresses 10.0.0.1,10.0.0.2,10.0.0.3 --arbiters 10.0.0.9 --me 10.0.0.2 --ip 131.232.99.1 --secret-file`,
  );
  assertStringIncludes(steps, "   scp -p /etc/failover.secret root@10.0.0.9:/etc/\n");
  assertStringIncludes(steps, "ip address add 131.232.99.1/32 dev lo");
});

Deno.test("with --hcloud an option of the Robot's is refused, and the other way round", () => {
  const ip = "--ip=131.232.99.1";
  assertThrows(() => plan(cloud), UsageError, ": give --ip, such as");
  for (const option of ["--user=FOO", "--password-file=/x", "--active-ip=1.1.1.1"]) {
    const message = `${option.split("=")[0]} is for another provider than the Hetzner Cloud`;
    assertThrows(() => plan([...cloud, ip, option]), UsageError, message);
  }
  const robot = [...four, "--me=1.1.1.1", "--token-file=/x"];
  assertThrows(
    () => plan(robot),
    UsageError,
    "--token-file is for another provider than the Robot",
  );
  assertThrows(() => plan([...cloud, "--ip=web"]), UsageError, "--ip takes an IP address, not web");
});

const me = "--me=1.1.1.1";
const wrong: [args: string[], message: string][] = [
  [["--addresses=1.1.1.1", me], "at least two servers"],
  [["--addresses=1.1.1.1,host", me], "--addresses takes IP addresses with commas"],
  [["--addresses=1.1.1.1,2.2.2.2:2000", me], "commas between them, not 2.2.2.2:2000"],
  [["--addresses=1.1.1.1,1.1.1.1", me], "--addresses: 1.1.1.1 is there twice"],
  [["--addresses=1.1.1.1,2.2.2.2", "--arbiters=2.2.2.2", me], "2.2.2.2 is there twice"],
  [["--addresses=1.1.1.1,::1", me], "must be all IPv4 or all IPv6"],
  [["--addresses=1.1.1.1,2.2.2.2", "--arbiters=::1", me], "must be all IPv4 or all IPv6"],
  [["--addresses=1.1.1.1,225.1.1.1", me], "225.1.1.1 is no server's own address"],
  [["--addresses=1.1.1.1,0.0.0.0", me], "0.0.0.0 is no server's own address"],
  [["--addresses=1.1.1.1,2.2.2.2", "--me=9.9.9.9"], "--me 9.9.9.9 is none of the nodes; there"],
  [["--addresses=1.1.1.1,2.2.2.2", me, "--port=0"], "--port takes one of 1 to 65535, not 0"],
  [["--addresses=1.1.1.1,2.2.2.2", me, "--port=x"], "--port takes one of 1 to 65535, not x"],
  [["--addresses=1.1.1.1,2.2.2.2", me, "--valor=-1"], "--valor: right would be a whole number"],
  [["--addresses=1.1.1.1,2.2.2.2", me, "--name=a b"], "--name takes a word"],
  [["--addresses=::1,::2", "--me=::1"], "an address of its own family, not to ::1: give"],
  [["--addresses=1.1.1.1,2.2.2.2", me, "--active-ip=x"], "--active-ip takes an IP address"],
  [["--addresses=1.1.1.1,2.2.2.2", me, "--active-ip=::1"], "--active-ip: 4.4.4.4 can only"],
];
for (const [args, message] of wrong) {
  Deno.test(`refused by init: ${args.join(" ")}`, () => {
    assertThrows(() => plan([...args, "--ip=4.4.4.4", "--user=FOO"]), UsageError, message);
  });
}

/** The next steps, each command in one line. */
function next(made: ReturnType<typeof plan>, places: Partial<InitPlaces> = {}): string {
  const program = places.copyable ? "/usr/local/bin/failover" : "failover";
  const usual = { copyable: false, isFollowing: false, hasUnit: false };
  const steps = nextSteps(made, {
    program,
    configFile: "/etc/failover.ini",
    options: [],
    ...usual,
    ...places,
  });
  const long = steps.split("\n").filter((line) => line.length > 80 && !line.includes("'"));
  assertEquals(long, []);
  return steps.replaceAll(/ \\\n +/g, " ");
}

Deno.test("what to do next: a line to copy for each other server", () => {
  const steps = next(plan([...four, "--me=2.2.2.2"]));
  assertStringIncludes(
    steps,
    `   scp -p /etc/failover.secret /etc/failover.password root@1.1.1.1:/etc/
   ssh root@1.1.1.1 failover init --addresses 1.1.1.1,2.2.2.2,3.3.3.3 --me 1.1.1.1 --ip 4.4.4.4 --user FOO --secret-file /etc/failover.secret
   scp -p /etc/failover.secret /etc/failover.password root@3.3.3.3:/etc/
`,
  );
  assertEquals(steps.includes("root@2.2.2.2"), false);
  assertStringIncludes(steps, "   failover node --check-config\n");
});

Deno.test("what to do next: with a unit a node is a service, and where others lead nobody follows", () => {
  const made = plan([...four, "--me=2.2.2.2"]);
  const steps = next(made, { hasUnit: true });
  assertStringIncludes(steps, "   systemctl start failover\n   failover doctor\n");
  assertEquals(steps.includes("failover node"), false);
  const following = next(made, { hasUnit: true, isFollowing: true });
  assertEquals(/ssh|scp|At each/.exec(following), null);
  assertMatch(following, /^1\. Here, the failover address on an interface/);
});

Deno.test("a machine that has another server's address is warned of, and not one behind NAT", () => {
  const swapped = [...four, "--me=2.2.2.2"];
  assertEquals(unwise(plan(swapped), ["1.1.1.1"]), [
    "--me 2.2.2.2 is not this machine, which has 1.1.1.1: is it another server's?",
  ]);
  assertEquals(unwise(plan([...swapped, "--nat"]), ["1.1.1.1"]), []);
  assertEquals(unwise(plan(swapped), ["2.2.2.2"]), []);
  assertEquals(unwise(plan(swapped), ["9.9.9.9"]), []);
});

Deno.test("an executable is copied along; an arbiter is given no password", () => {
  const steps = next(plan([...six, "--me=2001:4f8::1"]), { copyable: true });
  assertStringIncludes(
    steps,
    "scp -p /usr/local/bin/failover 'root@[2001:4f8::2]:/usr/local/bin/'",
  );
  const [, arbiter] = /scp -p (.*) 'root@\[2001:4f8::3\]:\/etc\/'/.exec(steps) ?? [];
  assertEquals(arbiter, "/etc/failover.secret");
  assertMatch(steps, /ssh root@2001:4f8::3 \/usr\/local\/bin\/failover init --addresses/);
  assertStringIncludes(
    steps,
    "ip -6 address add 2001:4f8:fff::2/64 dev lo\n   ip -6 route add local 2001:4f8:fff::/64 dev lo\n",
  );
  assertStringIncludes(steps, "ip6 saddr { 2001:4f8::1, 2001:4f8::2, 2001:4f8::3 }");
});

Deno.test("what a shell would take apart is quoted, for both shells", () => {
  const steps = next(plan([...four.slice(0, -1), "F'O$O", "--me=1.1.1.1"]));
  const [, remote] = /ssh root@2\.2\.2\.2 (.*)/.exec(steps) ?? [];
  const echo = (word: string) => {
    const { stdout } = new Deno.Command("sh", { args: ["-c", `printf %s ${word}`] }).outputSync();
    return new TextDecoder().decode(stdout);
  };
  const { stdout } = new Deno.Command("sh", {
    args: ["-c", `set -- ${echo(remote)}; printf %s "\${10}"`],
  }).outputSync();
  assertEquals(new TextDecoder().decode(stdout), "F'O$O");
});
