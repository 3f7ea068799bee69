import { makeCertificate } from "../../lab/certificate.ts";
import { RobotProcess } from "../../lab/robot_process.ts";
import { runCommand } from "../../lab/run_command.ts";
import { WallClock } from "../faults/wall_clock.ts";
import type { Edit, Stage } from "./_stage.ts";

/** The answers that a person gets at a server, all of them, as {@link normal} has them. */
export interface View {
  /** The server that is asked, by its index. */
  readonly at: number;
  /** A line of its log since the thing was broken; undefined: its log has nothing to say. */
  readonly log?: string;
  /**
   * All that `failover status` finds, in this order, and `--check` with it; or the line in which it
   * says that no node answers.
   */
  readonly found: readonly string[];
  /** All that `failover doctor` finds wrong, in this order: `what: why | command | topic`. */
  readonly wrong: readonly string[];
}

/** A thing that is broken for real. */
export interface Row {
  /** The thing, in a few words. */
  readonly name: string;
  /** Whether it can be made on this machine; default: yes. */
  readonly isPossible?: () => Promise<boolean>;
  /** Breaks it, on a stage where all is well. */
  breakIt(stage: Stage): Promise<void>;
  /** Mends it, as the answers say. */
  mendIt(stage: Stage): Promise<void>;
  /** What is said at some servers. */
  readonly views: readonly View[];
}

/** Whether Debian's package `faketime` is here. */
async function canFakeTime(): Promise<boolean> {
  return await runCommand(["faketime", "-f", "+0", "true"]).then(() => true, () => false);
}

const swap = (from: string | RegExp, to: string): Edit => (text) => {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`nothing to replace: ${from}`);
  return changed;
};

/** Rows of a legion of three. Its lord is the first server. */
export const rowsOfThree: readonly Row[] = [
  {
    name: "a mistyped option, and the node is reloaded",
    breakIt: (stage) => stage.reload(2, swap("legion-quorum", "legion-quorun")),
    mendIt: (stage) => stage.reload(2),
    views: [
      {
        at: 2,
        log:
          "error the configuration cannot be read anew: everything stays as it was (failover help not-read-anew)",
        found: [
          "warning: the configuration was not read anew, and a start would fail: DIR/server-3.ini:5: legion-quorun: there is no such option; did you mean legion-quorum? (failover help not-read-anew)",
        ],
        wrong: [
          "configuration: DIR/server-3.ini:5: legion-quorun: there is no such option; did you mean legion-quorum? | failover node --check-config --config DIR/server-3.ini | configuration",
        ],
      },
    ],
  },
  {
    name: "a mistyped option, and the node is restarted",
    async breakIt(stage) {
      await stage.restart(2, swap("legion-quorum", "legion-quorun"));
      await stage.node(2).status();
    },
    mendIt: (stage) => stage.start(2),
    views: [
      {
        at: 2,
        log:
          "DIR/server-3.ini:5: legion-quorun: there is no such option; did you mean legion-quorum?",
        found: [
          "failover status: no node of web at 10.77.0.3:2000 answers here; looked in DIR/run-2, /run/failover; DIR/server-3.ini:5: legion-quorun: there is no such option; did you mean legion-quorum? (failover help no-answer)",
        ],
        wrong: [
          "configuration: DIR/server-3.ini:5: legion-quorun: there is no such option; did you mean legion-quorum? | failover node --check-config --config DIR/server-3.ini | configuration",
          "node: no node of web at 10.77.0.3:2000 answers here; looked in DIR/run-2, /run/failover | failover node --config DIR/server-3.ini | no-answer",
        ],
      },
      {
        at: 0,
        log: "warn  web: server-3 was silent for SOME s: dropped (failover help node-silent)",
        found: [
          "warning: server-3 (10.77.0.3:2000): silent since TIME (failover help node-silent)",
          "warning: the quorum is just met and rests on this node and server-2 (10.77.0.2:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: server-3 (10.77.0.3:2000): silent since TIME | ssh 10.77.0.3 systemctl status failover | node-silent",
        ],
      },
    ],
  },
  {
    name: "the port is in use",
    async breakIt(stage) {
      await stage.node(2).end("SIGTERM");
      await stage.squat(2);
      await stage.start(2);
      await stage.node(2).line(/cannot listen/);
    },
    async mendIt(stage) {
      await stage.unsquat();
      await stage.restart(2);
    },
    views: [
      {
        at: 2,
        log:
          "error DIR/server-3.ini:2: legion web: cannot listen on 10.77.0.3:2000: the address is in use: does another node run already? (failover help cannot-listen)",
        found: [
          "failover status: no node of web at 10.77.0.3:2000 answers here; looked in DIR/run-2, /run/failover; a start here failed at TIME: DIR/server-3.ini:2: legion web: cannot listen on 10.77.0.3:2000: the address is in use: does another node run already? (failover help no-answer)",
        ],
        wrong: [
          "port 2000: 10.77.0.3:2000 is in use by another process: deno, PID | ss -ulpn 'sport = :2000' | cannot-listen",
          "node: no node of web at 10.77.0.3:2000 answers here; looked in DIR/run-2, /run/failover | failover node --config DIR/server-3.ini | no-answer",
        ],
      },
      {
        at: 0,
        found: [
          "warning: server-3 (10.77.0.3:2000): stopped, gone since TIME (failover help node-silent)",
          "warning: the quorum is just met and rests on this node and server-2 (10.77.0.2:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: server-3 (10.77.0.3:2000): stopped, gone since TIME | ssh 10.77.0.3 systemctl status failover | node-silent",
        ],
      },
    ],
  },
  {
    name: "the runtime directory is another user's",
    async breakIt(stage) {
      await Deno.chown(`${stage.folder}/run-2`, 65534, 65534);
      await stage.restart(2);
    },
    async mendIt(stage) {
      await Deno.chown(`${stage.folder}/run-2`, 0, 0);
      await stage.restart(2);
    },
    views: [
      {
        at: 2,
        log:
          "warn  web: notes for a restart cannot be kept: DIR/run-2 belongs to another user (65534) (failover help memory)",
        found: [
          "warning: notes for a restart cannot be kept: DIR/run-2 belongs to another user (65534); the state for a reboot cannot be kept: DIR/run-2 belongs to another user (65534) (failover help memory)",
        ],
        wrong: [
          "status: notes for a restart cannot be kept: DIR/run-2 belongs to another user (65534); the state for a reboot cannot be kept: DIR/run-2 belongs to another user (65534) | ls -ld /run/failover /var/lib/failover | memory",
        ],
      },
    ],
  },
  {
    name: "wrong password",
    breakIt: (stage) => stage.restart(1, swap("password=BAR", "password=WRONG")),
    mendIt: (stage) => stage.reload(1),
    views: [
      {
        at: 1,
        log:
          "error web: preflight: 4.4.4.4 could not be taken over now: UNAUTHORIZED: Unauthorized (failover help login-refused)",
        found: [
          "warning: stands back: the Robot refuses the login for 4.4.4.4: correct it, then: failover resume (failover help login-refused)",
        ],
        wrong: [
          "status: stands back: the Robot refuses the login for 4.4.4.4: correct it, then: failover resume | failover resume | login-refused",
        ],
      },
      {
        at: 0,
        found: [
          "warning: server-2 (10.77.0.2:2000): stands back (its login is refused) (failover help login-refused)",
        ],
        wrong: [
          "status: server-2 (10.77.0.2:2000): stands back (its login is refused) | ssh 10.77.0.2 failover status | login-refused",
        ],
      },
    ],
  },
  {
    name: "the Robot's certificate is not to be trusted",
    async breakIt(stage) {
      await stage.restart(1, swap(/,ca=[^,]*/, ""));
    },
    mendIt: (stage) => stage.restart(1),
    views: [
      {
        at: 1,
        log:
          "error web: preflight: 4.4.4.4 could not be taken over now: CERT_UNKNOWN_ISSUER: the certificate does not verify: neither this server's certificates nor those of ca vouch for it (failover help takeover-fails)",
        found: [
          "warning: 4.4.4.4: CERT_UNKNOWN_ISSUER: the certificate does not verify: neither this server's certificates nor those of ca vouch for it (failover help takeover-fails)",
        ],
        wrong: [
          "status: 4.4.4.4: CERT_UNKNOWN_ISSUER: the certificate does not verify: neither this server's certificates nor those of ca vouch for it | failover takeover --dry-run --ip 4.4.4.4 | takeover-fails",
          `Robot: CERT_UNKNOWN_ISSUER: the certificate does not verify: neither this server's certificates nor those of ca vouch for it | the "ca" of DIR/server-2.ini:9 | takeover-fails`,
        ],
      },
    ],
  },
  {
    name: "the Robot's certificate has expired",
    async breakIt(stage) {
      const { lan, ca } = stage;
      const tls = makeCertificate({ host: lan.switchAddress, days: -1, by: ca });
      const robot = stage.use(await RobotProcess.start(lan, { switchMs: 100, tls }));
      await stage.restart(1, swap(/url=.*/, `url=${robot.url}`));
    },
    mendIt: (stage) => stage.restart(1),
    views: [
      {
        at: 1,
        log:
          "error web: preflight: 4.4.4.4 could not be taken over now: CERT_HAS_EXPIRED: the certificate has expired: it was valid until TIME, and this server's clock says TIME (failover help takeover-fails)",
        found: [
          "warning: 4.4.4.4: CERT_HAS_EXPIRED: the certificate has expired: it was valid until TIME, and this server's clock says TIME (failover help takeover-fails)",
        ],
        wrong: [
          "status: 4.4.4.4: CERT_HAS_EXPIRED: the certificate has expired: it was valid until TIME, and this server's clock says TIME | failover takeover --dry-run --ip 4.4.4.4 | takeover-fails",
          "Robot: CERT_HAS_EXPIRED: the certificate has expired: it was valid until TIME, and this server's clock says TIME | timedatectl | takeover-fails",
        ],
      },
    ],
  },
  {
    name: "another secret",
    breakIt: (stage) => stage.restart(2, swap("secret1", "secret2")),
    mendIt: (stage) => stage.restart(2),
    views: [
      {
        at: 0,
        log:
          "warn  web: dropped a datagram from 10.77.0.3:2000: it does not decrypt: another secret, IV or cipher than ours (failover help secret)",
        found: [
          "warning: server-3 (10.77.0.3:2000): its datagrams have another secret, cipher or IV (legion) (since TIME) (failover help secret)",
          "warning: the quorum is just met and rests on this node and server-2 (10.77.0.2:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: server-3 (10.77.0.3:2000): its datagrams have another secret, cipher or IV (legion) (since TIME) | ssh 10.77.0.3 sha256sum /etc/failover.secret | secret",
        ],
      },
      {
        at: 2,
        log:
          "warn  web: dropped a datagram from 10.77.0.1:2000: it does not decrypt: another secret, IV or cipher than ours (failover help secret)",
        found: [
          "critical: no lord for SOME s: no quorum: 1 of 3 nodes hear each other, 2 needed (failover help no-quorum)",
          "warning: all other nodes (so look at this one first): their datagrams have another secret, cipher or IV (legion) (since TIME) (failover help secret)",
        ],
        wrong: [
          "status: no lord for SOME s: no quorum: 1 of 3 nodes hear each other, 2 needed |  | no-quorum",
          "status: all other nodes (so look at this one first): their datagrams have another secret, cipher or IV (legion) (since TIME) | sha256sum /etc/failover.secret | secret",
        ],
      },
    ],
  },
  {
    name: "another IV",
    breakIt: (stage) => stage.restart(2, swap("secret1", "secret1 0123456789abcdef")),
    mendIt: (stage) => stage.restart(2),
    views: [
      {
        at: 0,
        log:
          "warn  web: dropped a datagram from 10.77.0.3:2000: the body does not parse: a key or value is cut off: another secret, IV or cipher than ours? (failover help secret)",
        found: [
          "warning: server-3 (10.77.0.3:2000): its datagrams have another secret, cipher or IV (legion) (since TIME) (failover help secret)",
          "warning: the quorum is just met and rests on this node and server-2 (10.77.0.2:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: server-3 (10.77.0.3:2000): its datagrams have another secret, cipher or IV (legion) (since TIME) | ssh 10.77.0.3 sha256sum /etc/failover.secret | secret",
        ],
      },
      {
        at: 2,
        log:
          "warn  web: dropped a datagram from 10.77.0.1:2000: the body does not parse: a key or value is cut off: another secret, IV or cipher than ours? (failover help secret)",
        found: [
          "critical: no lord for SOME s: no quorum: 1 of 3 nodes hear each other, 2 needed (failover help no-quorum)",
          "warning: all other nodes (so look at this one first): their datagrams have another secret, cipher or IV (legion) (since TIME) (failover help secret)",
        ],
        wrong: [
          "status: no lord for SOME s: no quorum: 1 of 3 nodes hear each other, 2 needed |  | no-quorum",
          "status: all other nodes (so look at this one first): their datagrams have another secret, cipher or IV (legion) (since TIME) | sha256sum /etc/failover.secret | secret",
        ],
      },
    ],
  },
  {
    name: "nothing is let in",
    breakIt: (stage) => stage.nft(2, "add rule inet filter input udp dport 2000 drop"),
    mendIt: (stage) => stage.nft(2, "flush chain inet filter input"),
    views: [
      {
        at: 0,
        found: [
          "warning: server-3 (10.77.0.3:2000): does not hear this node (since TIME) (failover help heard-one-way)",
          "warning: server-3 (10.77.0.3:2000) does not hear server-2 (10.77.0.2:2000) (failover help heard-one-way)",
          "warning: the quorum is just met and rests on this node and server-2 (10.77.0.2:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: server-3 (10.77.0.3:2000): does not hear this node (since TIME) | ssh 10.77.0.3 failover status | heard-one-way",
          "status: server-3 (10.77.0.3:2000) does not hear server-2 (10.77.0.2:2000) |  | heard-one-way",
          "firewall, web: server-3 (10.77.0.3:2000) is heard and hears no other node: nothing is let in there | ssh 10.77.0.3 'nft insert rule inet filter input ip saddr 10.77.0.1 udp dport 2000 accept && nft insert rule inet filter input ip saddr 10.77.0.2 udp dport 2000 accept' | heard-one-way",
        ],
      },
      {
        at: 2,
        log: "warn  web: no quorum: 1 present, 2 needed (failover help no-quorum)",
        found: [
          "critical: no lord for SOME s: no quorum: 1 of 3 nodes hear each other, 2 needed (failover help no-quorum)",
          "warning: all other nodes (so look at this one first): silent since TIME (failover help node-silent)",
        ],
        wrong: [
          "status: no lord for SOME s: no quorum: 1 of 3 nodes hear each other, 2 needed |  | no-quorum",
          "status: all other nodes (so look at this one first): silent since TIME | ip route | node-silent",
          "firewall, web: no other node is heard: nothing is let in here, or all the others are down | nft insert rule inet filter input ip saddr 10.77.0.1 udp dport 2000 accept && nft insert rule inet filter input ip saddr 10.77.0.2 udp dport 2000 accept | node-silent",
        ],
      },
    ],
  },
  {
    name: "nothing is let out",
    breakIt: (stage) => stage.nft(2, "add rule inet filter output udp dport 2000 drop"),
    mendIt: (stage) => stage.nft(2, "flush chain inet filter output"),
    views: [
      {
        at: 0,
        log: "warn  web: server-3 was silent for SOME s: dropped (failover help node-silent)",
        found: [
          "warning: server-3 (10.77.0.3:2000): silent since TIME (failover help node-silent)",
          "warning: the quorum is just met and rests on this node and server-2 (10.77.0.2:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: server-3 (10.77.0.3:2000): silent since TIME | ssh 10.77.0.3 systemctl status failover | node-silent",
        ],
      },
      {
        at: 2,
        log:
          "warn  web: cannot send to 10.77.0.1:2000: Operation not permitted (failover help cannot-send)",
        found: [
          "warning: all other nodes (so look at this one first): do not hear this node (nothing can be sent to it: Operation not permitted) (since TIME) (failover help heard-one-way)",
          "warning: the quorum is just met and rests on server-1 (10.77.0.1:2000) and server-2 (10.77.0.2:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: all other nodes (so look at this one first): do not hear this node (nothing can be sent to it: Operation not permitted) (since TIME) |  | heard-one-way",
          "firewall, web: server-1 (10.77.0.1:2000), server-2 (10.77.0.2:2000) is heard and hears nothing of this node: it is not let out here | nft insert rule inet filter output ip daddr 10.77.0.1 udp dport 2000 accept && nft insert rule inet filter output ip daddr 10.77.0.2 udp dport 2000 accept | heard-one-way",
        ],
      },
    ],
  },
  {
    name: "a clock is an hour ahead",
    isPossible: canFakeTime,
    async breakIt(stage) {
      const clock = await WallClock.in(stage.folder);
      await clock.set("+1h");
      await stage.restart(2, undefined, clock.env);
    },
    mendIt: (stage) => stage.restart(2),
    views: [
      {
        at: 0,
        log:
          "warn  web: dropped a datagram from 10.77.0.3:2000: it is 3600 s ahead by the clocks: are they in sync? (failover help clock)",
        found: [
          "warning: server-3 (10.77.0.3:2000): not heard: its clock is 3600 s ahead of this node's, and 60 s are tolerated (legion-skew-tolerance) (since TIME) (failover help clock)",
          "warning: the quorum is just met and rests on this node and server-2 (10.77.0.2:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: server-3 (10.77.0.3:2000): not heard: its clock is 3600 s ahead of this node's, and 60 s are tolerated (legion-skew-tolerance) (since TIME) | ssh 10.77.0.3 timedatectl | clock",
        ],
      },
      {
        at: 2,
        log:
          "warn  web: dropped a datagram from 10.77.0.1:2000: it is 3600 s old by the clocks: are they in sync? (failover help clock)",
        found: [
          "critical: no lord for SOME s: no quorum: 1 of 3 nodes hear each other, 2 needed (failover help no-quorum)",
          "warning: all other nodes (so look at this one first): not heard: its clock is 3600 s behind this node's, and 60 s are tolerated (legion-skew-tolerance) (since TIME) (failover help clock)",
        ],
        wrong: [
          "status: no lord for SOME s: no quorum: 1 of 3 nodes hear each other, 2 needed |  | no-quorum",
          "status: all other nodes (so look at this one first): not heard: its clock is 3600 s behind this node's, and 60 s are tolerated (legion-skew-tolerance) (since TIME) | timedatectl | clock",
        ],
      },
    ],
  },
  {
    name: "a node is paused",
    breakIt: (stage) => Promise.resolve(stage.node(2).signal("SIGSTOP")),
    mendIt: (stage) => Promise.resolve(stage.node(2).signal("SIGCONT")),
    views: [
      {
        at: 0,
        log: "warn  web: server-3 was silent for SOME s: dropped (failover help node-silent)",
        found: [
          "warning: server-3 (10.77.0.3:2000): silent since TIME (failover help node-silent)",
          "warning: the quorum is just met and rests on this node and server-2 (10.77.0.2:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: server-3 (10.77.0.3:2000): silent since TIME | ssh 10.77.0.3 systemctl status failover | node-silent",
        ],
      },
      {
        at: 2,
        found: [
          "failover status: the node at 10.77.0.3:2000: it does not answer within 2 s (failover help no-answer)",
        ],
        wrong: [
          "node: it runs, and hangs or is stopped: the node at 10.77.0.3:2000: it does not answer within 2 s | ps -eo pid,stat,wchan,args | grep failover | no-answer",
        ],
      },
    ],
  },
  {
    name: "a member of three is dead",
    async breakIt(stage) {
      await stage.node(2).end("SIGKILL");
    },
    mendIt: (stage) => stage.start(2),
    views: [
      {
        at: 0,
        log: "warn  web: server-3 was silent for SOME s: dropped (failover help node-silent)",
        found: [
          "warning: server-3 (10.77.0.3:2000): silent since TIME (failover help node-silent)",
          "warning: the quorum is just met and rests on this node and server-2 (10.77.0.2:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: server-3 (10.77.0.3:2000): silent since TIME | ssh 10.77.0.3 systemctl status failover | node-silent",
        ],
      },
      {
        at: 1,
        log: "warn  web: server-3 was silent for SOME s: dropped (failover help node-silent)",
        found: [
          "warning: server-3 (10.77.0.3:2000): silent since TIME (failover help node-silent)",
          "warning: the quorum is just met and rests on this node and server-1 (10.77.0.1:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: server-3 (10.77.0.3:2000): silent since TIME | ssh 10.77.0.3 systemctl status failover | node-silent",
        ],
      },
      {
        at: 2,
        found: [
          "failover status: no node of web at 10.77.0.3:2000 answers here; looked in DIR/run-2, /run/failover (failover help no-answer)",
        ],
        wrong: [
          "node: no node of web at 10.77.0.3:2000 answers here; looked in DIR/run-2, /run/failover | failover node --config DIR/server-3.ini | no-answer",
        ],
      },
    ],
  },
  {
    name: "quorum too high",
    async breakIt(stage) {
      await Promise.all(
        [0, 1, 2].map((server) => stage.reload(server, swap("quorum = web 2", "quorum = web 4"))),
      );
    },
    async mendIt(stage) {
      await Promise.all([0, 1, 2].map((server) => stage.reload(server)));
    },
    views: [
      {
        at: 0,
        log:
          "warn  DIR/server-1.ini:2: legion web: legion-quorum is 4, and it has 3 nodes: there is never a lord: legion-quorum = web 2, or the legion-node lines that are missing (failover help no-quorum)",
        found: [
          "critical: no lord for SOME s: legion-quorum is 4, and 3 nodes are listed: there is never a lord (failover help no-quorum)",
        ],
        wrong: [
          "quorum, web: legion-quorum is 4, and it has 3 nodes: there is never a lord | legion-quorum = web 2, or the legion-node lines that are missing | no-quorum",
          "status: no lord for SOME s: legion-quorum is 4, and 3 nodes are listed: there is never a lord |  | no-quorum",
        ],
      },
    ],
  },
  {
    name: "equal valors",
    breakIt: (stage) => stage.restart(2, swap("2000 28 ", "2000 29 ")),
    mendIt: (stage) => stage.restart(2),
    views: [
      {
        at: 1,
        log:
          "warn  web: server-3 has the same valor 29: the higher uuid is to be lord, and every restart takes another; give each node its own valor (failover help same-valor)",
        found: [
          "warning: server-3 (10.77.0.3:2000): has valor 29, as server-2, this node, has (since TIME) (failover help same-valor)",
        ],
        wrong: [
          "status: server-3 (10.77.0.3:2000): has valor 29, as server-2, this node, has (since TIME) | ssh 10.77.0.3 failover node --check-config | same-valor",
        ],
      },
      {
        at: 2,
        log:
          "warn  web: server-2 has the same valor 29: the higher uuid is to be lord, and every restart takes another; give each node its own valor (failover help same-valor)",
        found: [
          "warning: server-2 (10.77.0.2:2000): has valor 29, as server-3, this node, has (since TIME) (failover help same-valor)",
        ],
        wrong: [
          "status: server-2 (10.77.0.2:2000): has valor 29, as server-3, this node, has (since TIME) | ssh 10.77.0.2 failover node --check-config | same-valor",
        ],
      },
      {
        at: 0,
        found: [
          "warning: server-3 (10.77.0.3:2000): has valor 29, as server-2 has (since TIME) (failover help same-valor)",
        ],
        wrong: [
          "status: server-3 (10.77.0.3:2000): has valor 29, as server-2 has (since TIME) | ssh 10.77.0.3 failover node --check-config | same-valor",
        ],
      },
    ],
  },
  {
    name: "active_ip is another node's",
    breakIt: (stage) => stage.reload(1, swap("active_ip=10.77.0.2", "active_ip=10.77.0.3")),
    mendIt: (stage) => stage.reload(1),
    views: [
      {
        at: 1,
        log:
          "warn  DIR/server-2.ini:9: as lord this node routes 4.4.4.4 to 10.77.0.3, which is another node (10.77.0.3:2000): ip -brief address (failover help wrong-target)",
        found: [
          "warning: 4.4.4.4 is to point to 10.77.0.3, which is server-3 (10.77.0.3:2000), not this node (failover help wrong-target)",
        ],
        wrong: [
          "address 4.4.4.4: DIR/server-2.ini:9: as lord this node routes 4.4.4.4 to 10.77.0.3, which is another node (10.77.0.3:2000) | ip -brief address | wrong-target",
        ],
      },
    ],
  },
  {
    name: "active_ip is none of the account",
    breakIt: (stage) => stage.reload(0, swap("active_ip=10.77.0.1", "active_ip=10.77.0.9")),
    mendIt: (stage) => stage.reload(0),
    views: [
      {
        at: 0,
        log:
          "error web: 4.4.4.4 could not be taken back: refused: FAILOVER_NEW_SERVER_NOT_FOUND (failover help wrong-target)",
        found: [
          "critical: 4.4.4.4 is to point to 10.77.0.9 (active_ip, line 9), which is on no interface of this server (failover help wrong-target)",
          "warning: 4.4.4.4: refused: FAILOVER_NEW_SERVER_NOT_FOUND: The server 10.77.0.9 was not found (failover help takeover-fails)",
        ],
        wrong: [
          "address 4.4.4.4: DIR/server-1.ini:9: as lord this node routes 4.4.4.4 to 10.77.0.9, which is on no interface here | ip -brief address | wrong-target",
          "status: 4.4.4.4: refused: FAILOVER_NEW_SERVER_NOT_FOUND: The server 10.77.0.9 was not found | failover takeover --dry-run --ip 4.4.4.4 | takeover-fails",
        ],
      },
    ],
  },
  {
    name: "the address is on no interface",
    breakIt: (stage) => stage.address(0, "delete"),
    mendIt: (stage) => stage.address(0, "add"),
    views: [
      {
        at: 0,
        log:
          "warn  web: DIR/server-1.ini:9: 4.4.4.4 is on no interface here: as lord this server would not answer for it: ip address add 4.4.4.4/32 dev lo (failover help address-missing)",
        found: [
          "critical: 4.4.4.4 is on no interface of this server, which does not answer for it (failover help address-missing)",
        ],
        wrong: [
          "address 4.4.4.4: DIR/server-1.ini:9: 4.4.4.4 is on no interface here: as lord this server would not answer for it | ip address add 4.4.4.4/32 dev lo | address-missing",
        ],
      },
    ],
  },
  {
    name: "the address is elsewhere",
    async breakIt(stage) {
      await stage.reload(0, swap("active_ip=", "reclaim=0,active_ip="));
      await stage.route(stage.lan.addresses[1]);
    },
    mendIt: (stage) => stage.route(stage.lan.addresses[0]),
    views: [
      {
        at: 0,
        log:
          "warn  web: 4.4.4.4 points to 10.77.0.2, and this node is the lord (failover help address-elsewhere)",
        found: [
          "critical: 4.4.4.4 points to 10.77.0.2, server-2 (10.77.0.2:2000), not here (failover help address-elsewhere)",
        ],
        wrong: [
          "status: 4.4.4.4 points to 10.77.0.2, server-2 (10.77.0.2:2000), not here | failover takeover --ip 4.4.4.4 | address-elsewhere",
        ],
      },
      {
        at: 1,
        found: [
          "warning: 4.4.4.4 points to 10.77.0.2, this node, and server-1 (10.77.0.1:2000) is the lord (failover help address-elsewhere)",
        ],
        wrong: [
          "status: 4.4.4.4 points to 10.77.0.2, this node, and server-1 (10.77.0.1:2000) is the lord | ssh 10.77.0.1 failover takeover --ip 4.4.4.4 | address-elsewhere",
        ],
      },
    ],
  },
  {
    name: "the Robot is down at a takeover",
    async breakIt(stage) {
      await stage.robotDown();
      await stage.node(0).end("SIGKILL");
    },
    async mendIt(stage) {
      await stage.robotUp();
      await stage.start(0);
    },
    views: [
      {
        at: 1,
        log:
          "warn  web: 4.4.4.4: POST: ECONNREFUSED: no connection: ROBOT: connection refused (failover help takeover-fails)",
        found: [
          "critical: no lord for SOME s (this node is taking over: lord hook hetzner-failoverip (line 9) since SOME s, attempt N, last error: ECONNREFUSED: no connection: ROBOT: connection refused) (failover help takeover-fails)",
          "warning: server-1 (10.77.0.1:2000): silent since TIME (failover help node-silent)",
          "warning: the quorum is just met and rests on this node and server-3 (10.77.0.3:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: no lord for SOME s (this node is taking over: lord hook hetzner-failoverip (line 9) since SOME s, attempt N, last error: ECONNREFUSED: no connection: ROBOT: connection refused) | failover takeover --dry-run --ip 4.4.4.4 | takeover-fails",
          "status: server-1 (10.77.0.1:2000): silent since TIME | ssh 10.77.0.1 systemctl status failover | node-silent",
          "Robot: ECONNREFUSED: no connection: ROBOT: connection refused | ip route | takeover-fails",
        ],
      },
      {
        at: 2,
        log: "warn  web: server-1 was silent for SOME s: dropped (failover help node-silent)",
        found: [
          "critical: no lord for SOME s (server-2 (10.77.0.2:2000) is taking over) (failover help takeover-fails)",
          "warning: server-1 (10.77.0.1:2000): silent since TIME (failover help node-silent)",
          "warning: the quorum is just met and rests on this node and server-2 (10.77.0.2:2000): one less, and no lord (failover help quorum-just-met)",
        ],
        wrong: [
          "status: no lord for SOME s (server-2 (10.77.0.2:2000) is taking over) | failover takeover --dry-run --ip 4.4.4.4 | takeover-fails",
          "status: server-1 (10.77.0.1:2000): silent since TIME | ssh 10.77.0.1 systemctl status failover | node-silent",
          "Robot: ECONNREFUSED: no connection: ROBOT: connection refused | ip route | takeover-fails",
        ],
      },
    ],
  },
];

/** Rows of a legion of five. */
export const rowsOfFive: readonly Row[] = [
  {
    name: "a member of five is dead",
    async breakIt(stage) {
      await stage.node(4).end("SIGKILL");
    },
    mendIt: (stage) => stage.start(4),
    views: [
      {
        at: 0,
        log: "warn  web: server-5 was silent for SOME s: dropped (failover help node-silent)",
        found: [
          "warning: server-5 (10.77.0.5:2000): silent since TIME (failover help node-silent)",
        ],
        wrong: [
          "status: server-5 (10.77.0.5:2000): silent since TIME | ssh 10.77.0.5 systemctl status failover | node-silent",
        ],
      },
      {
        at: 3,
        log: "warn  web: server-5 was silent for SOME s: dropped (failover help node-silent)",
        found: [
          "warning: server-5 (10.77.0.5:2000): silent since TIME (failover help node-silent)",
        ],
        wrong: [
          "status: server-5 (10.77.0.5:2000): silent since TIME | ssh 10.77.0.5 systemctl status failover | node-silent",
        ],
      },
    ],
  },
];
