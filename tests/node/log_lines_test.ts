// Each line of the log at the level warn or error finds an entry of the manual.
import { assert, assertEquals } from "@std/assert";
import type { HelpTopic } from "../../lib/base/help_topic.ts";
import { entryOf } from "../../lib/manual/entries.ts";
import { topicOf } from "../../lib/node/log_topic.ts";
import { walk } from "../lab/walk.ts";

/** The lines of a file, in the order of its calls; several of one call stand in a list of their own. */
type Lines = readonly (readonly [HelpTopic, ...string[]])[];

const lines: Readonly<Record<string, Lines>> = {
  "lib/cli/node.ts": [
    ["service-manager", "the service manager cannot be told anything: ENOENT"],
    [
      "cannot-listen",
      "/etc/failover.ini:3: legion web: cannot listen on 1.1.1.1:2000: the address is in use",
      "/etc/failover.ini: stats: cannot listen on :1717: Address already in use (os error 98)",
    ],
  ],
  "lib/hooks/_move_here.ts": [
    ["address-elsewhere", "4.4.4.4 is presumed to point to 1.1.1.1, and looked at again: x"],
  ],
  "lib/hooks/command.ts": [
    ["hook-failed", "a command does not end"],
    ["hook-failed", "a command cannot be ended: Operation not permitted"],
  ],
  "lib/hooks/_own_address.ts": [
    ["address-on-device", "10.0.0.100/24 on lan: it was there as /32, which is removed"],
  ],
  "lib/hooks/held_address.ts": [
    ["address-on-device", "fd00::100/64 on lan: it was removed by something else, and is put back"],
  ],
  "lib/legion/ballot.ts": [["no-quorum", "no quorum: 1 present, 2 needed"]],
  "lib/legion/identity.ts": [
    [
      "stands-back",
      "stands back as an arbiter, uuid 1: a lord hook failed, for 30.0 s more",
      "stands back as an arbiter, uuid 1: it lost the title more than 3 times within 600 s",
    ],
  ],
  "lib/legion/legion.ts": [
    ["hook-failed", "a lord hook failed, and legion-death-on-lord-error is not set"],
  ],
  "lib/legion/lordship.ts": [
    [
      "title-lost",
      "this node is no longer the lord: server-1 is the candidate",
      "this node is no longer the lord: drained by root",
      "this node does not take up again: server-1 has become lord",
      "the lord hooks have ended too late: server-1 is elected",
      "aborting the lord hooks: server-1 is the candidate",
    ],
  ],
  "lib/legion/roll.ts": [
    ["node-silent", "server-2 was silent for 15 s: dropped (valor 9998, uuid 1)"],
    ["same-valor", "b has the same valor 10: the higher uuid is to be lord"],
    ["nodes-differ", "the valor 70000 is above 65535, which b cannot hold if it is a uWSGI node"],
  ],
  "lib/move/_take_back.ts": [
    ["takeover-fails", "4.4.4.4 could not be taken back: not asked: the quota is used up for 9 s"],
    ["takeover-fails", "4.4.4.4 could not be taken back: try later: FAILOVER_LOCKED"],
  ],
  "lib/move/look.ts": [["takeover-fails", "where 4.4.4.4 points is not known: TIMEOUT: no reply"]],
  "lib/move/preflight.ts": [
    [
      "takeover-fails",
      "preflight: 4.4.4.4 could not be taken over now: NOT_FOUND: no such address",
    ],
    [
      "wrong-target",
      "preflight: as lord this node routes 4.4.4.4 to 2.2.2.2, and the Robot knows this server as 1",
    ],
  ],
  "lib/move/route_here.ts": [[
    "takeover-fails",
    "4.4.4.4: POST: FAILOVER_LOCKED: The failover is locked",
    "4.4.4.4: GET: MAINTENANCE: not now",
    "assign: locked: another switch runs",
    "change_alias_ips: conflict: changed meanwhile",
    "4.4.4.4: PATCH: BUSY: not now",
    "fd00::1: look: NO_FIELD: the reply has no /0/server",
  ]],
  "lib/move/watch.ts": [
    ["takeover-fails", "where 4.4.4.4 points is not looked at for now: 85 of 100 are used up"],
    ["address-elsewhere", "4.4.4.4 points to 2.2.2.2, and this node is the lord"],
  ],
  "lib/node/_membership.ts": [
    ["group-not-heard", "the group 239.1.2.3:2000 is not heard: it is joined anew until it is"],
  ],
  "lib/node/action_care.ts": [
    ["address-elsewhere", "4.4.4.4 points nowhere, and this node is the lord"],
    ["takeover-fails", "a look at an action failed: TypeError"],
  ],
  "lib/node/datagram_notes.ts": [
    [
      "datagrams-dropped",
      "dropped a datagram from 1.1.1.1:2000: it is for the legion other",
      "dropped a datagram from [fd00::1]:2000: more than 6144 bytes: is the size the same?",
      "dropped a datagram from 1.1.1.1:2000: it has been heard before",
      "dropped a datagram from 1.1.1.1:2000: modifier1 is 1, not 109",
    ],
    ["cannot-send", "cannot send to 1.1.1.1:2000: no route"],
    ["no-guarantee", "legion-lease is off here, and not at b: where it is on, it is ignored"],
  ],
  "lib/node/fitness_watch.ts": [
    [
      "check-fails",
      "check web fails: no connection: refused",
      "check db fails: cannot listen on 1",
    ],
  ],
  "lib/node/hook_runner.ts": [
    [
      "takeover-fails",
      "this node goes on with 1 of 2 addresses; not had: 4.4.4.4",
    ],
    ["hook-failed", "lord hook cmd (/etc/failover.ini:7) ended after 0.1 s: aborted"],
    [
      "hook-failed",
      "unlord hook cmd (/etc/failover.ini:7) ended after 9.0 s: it took too long (legion-hook-timeout)",
      "lord hook cmd (/etc/failover.ini:7) ended after 0.1 s: failed: exit status 3",
    ],
  ],
  "lib/node/last_resort.ts": [
    ["program-mistake", "a mistake in this program, please report it with the next lines"],
    // The lines of the stack follow it, and say nothing by themselves.
    ["program-mistake"],
  ],
  "lib/node/memory/_trouble.ts": [
    ["memory", "notes for a restart cannot be kept: others may write to /run/failover"],
  ],
  "lib/node/memory/open_memory.ts": [
    ["memory", "/var/lib/failover/web@1.1.1.1%3A2000.state is not used: it is of another version"],
    ["memory", "/run/failover/web@1.1.1.1%3A2000.notes is not used: it is no JSON"],
    ["memory", "/run/failover/web.notes is outdated and cannot be removed: no node must start"],
  ],
  "lib/node/node.ts": [
    [
      "config-line",
      "/etc/failover.ini:3: legion web: legion-tolerance is 2 s, less than three times legion-freq",
      "/etc/failover.ini: all users of this machine may read it; if it holds a secret: chmod o= FILE",
      "failover.ini: uid: only root can run hooks as another user: they run as the node's own",
      "failover.ini:9: hetzner-failoverip: over http the password is readable",
    ],
    ["process-stopped", "a timer is 8.0 s late: the watchdog is not fed"],
    ["config-line", "failover.ini:9: legion web: the secret a % and x stand for something else"],
    ["config-line", "/etc/failover.ini: stats needs a restart"],
    [
      "not-read-anew",
      "not read anew: /etc/failover.ini:5: legion-quorun: there is no such option",
      "not read anew: /etc/failover.ini: there is no such file",
    ],
    ["not-read-anew", "the configuration cannot be read anew: everything stays as it was"],
    ["memory", "/var/lib/failover/names is not used: it is no JSON"],
    ["memory", "/var/lib/failover/names cannot be kept: No space left on device"],
  ],
  "lib/node/own_sockets.ts": [
    [
      "node-sockets",
      "stats at :1717: a connection could not be accepted: the client was gone at once; accepting " +
      "goes on",
    ],
    ["node-sockets", "stats at http://10.0.0.1:1717/, for all who reach it"],
    [
      "node-sockets",
      "failover status does not find this node, and this node cannot be drained: set RUNTIME_DIRECTORY",
    ],
    [
      "node-sockets",
      "orders: a connection could not be accepted: it says EPERM; accepting goes on",
    ],
    [
      "node-sockets",
      "this node cannot be drained: cannot listen on /run/failover/1.1.1.1:2000.control: denied",
      "failover status does not find this node: cannot listen on /run/failover/1.status: denied",
    ],
  ],
  "lib/node/patient_transport.ts": [
    ["cannot-listen", "cannot listen on 1.1.1.1:2000: it is not here; this node waits for it"],
    ["cannot-listen", "cannot listen on 1.1.1.1:2000: the address is in use"],
  ],
  "lib/node/places_here.ts": [
    [
      "address-missing",
      "/etc/failover.ini:9: 4.4.4.4 is on no interface here: as lord this server",
    ],
  ],
  "lib/node/signals.ts": [["program-mistake", "this node takes leave, and ends"]],
  "lib/node/stop_notes.ts": [
    ["process-stopped", "this process did not run for 1.0 s: stopped, or the machine is busy"],
  ],
  "lib/node/upkeep.ts": [
    [
      "address-on-device",
      "10.0.0.100/24 on enp1s0.4000: the device enp1s0.4000 is down",
      "10.0.0.100/24 on lan: there is no network device lan on this machine",
      "10.0.0.100/24 on lan: this node has no CAP_NET_ADMIN: right would be the drop-in",
      "fd00::100/64 on lan: it cannot be removed: ip: not permitted",
      "fd00::100/64 on lan: the neighbours are not told of it: ndptool: no",
      "10.0.0.100/24 on lan: another machine answers for it too: e2:62:48:44:4e:57",
    ],
    ["address-on-device", "10.0.0.100/24 on lan: it is here, and this node is not lord"],
  ],
};

/** A call that logs at the level warn or error. */
const call =
  /\blog\??\.?\(\s*(?:\w+ \? )?(?:"info" : )?"(?:warn|error)"|#log\(\s*"(?:warn|error)"|, "warn"\);|level: "(?:warn|error)", result/g;

Deno.test("each line of the log at warn or error is listed here", async () => {
  const found: Record<string, number> = {};
  for (const file of await walk("lib", ".ts")) {
    const calls = [...(await Deno.readTextFile(file)).matchAll(call)].length;
    if (calls > 0) found[file] = calls;
  }
  const listed = Object.entries(lines).map(([file, { length }]) => [file, length] as const);
  assertEquals(Object.fromEntries(listed), found);
});

Deno.test("failover help finds each line of the log at warn or error", async () => {
  const chapter = await Deno.readTextFile("lib/manual/troubleshooting.md");
  for (const [topic, ...said] of Object.values(lines).flat()) {
    for (const line of said) assertEquals(topicOf(line), topic, line);
    for (const line of said) {
      const pasted = `2026-11-29T04:32:37.123Z warn  web: ${line}`;
      assertEquals(topicOf(pasted), topic, pasted);
    }
    assert(entryOf(chapter, topic) !== undefined, topic);
  }
});
