import { formatAddress } from "../../config/address.ts";
import { majorityOf } from "../../config/voters.ts";
import { type InitPlan, nodesOf } from "./_plan.ts";

/** The commented configuration of one server, in uWSGI's dialect: one section, as uWSGI reads it. */
export function configurationText(plan: InitPlan): string {
  const parts = [head(plan), membership(plan), election(plan), lordHook(plan), pace(plan), stats];
  // A "%" stands for something else in the dialect.
  return parts.join("\n").replaceAll("%", "%%");
}

function head({ legion, me, valor }: InitPlan): string {
  const what = valor === 0 ? "which only votes" : `valor ${valor}`;
  return `; The legion ${legion} at ${me.host}, ${what}: one of the servers that share a failover address.
; Whether it is right: failover node --check-config
[uwsgi]
`;
}

function membership(plan: InitPlan): string {
  const { legion, me, nat, valor, secretFile, withUwsgi } = plan;
  const others = nodesOf(plan).filter((node) => node !== me);
  const auth = withUwsgi ? "" : `
; Nobody without the secret can take part or alter an announcement. A uWSGI node cannot, either.
legion-auth = ${legion} hmac-sha256:@(${secretFile})
`;
  const listened = nat ? { ...me, host: me.host.includes(":") ? "::" : "0.0.0.0" } : me;
  const known = nat
    ? `
; This server's address as the others list it, which this machine does not have itself.
legion-address = ${legion} ${formatAddress(me)}
`
    : "";
  return `; The legion's name, this server's own address and UDP port, its valor (the highest that is there is
; the lord; 0 only votes), and how announcements are encrypted: the same at all nodes.
legion = ${legion} ${formatAddress(listened)} ${valor} aes-256-cbc:@(${secretFile})
${known}${auth}
; The other nodes, to which this one announces itself.
${others.map((node) => `legion-node = ${legion} ${formatAddress(node)}`).join("\n")}
`;
}

function election(plan: InitPlan): string {
  const { legion, withUwsgi } = plan;
  const count = nodesOf(plan).length;
  const lease = withUwsgi ? "" : `
; Never two lords at one instant, also when nodes lose sight of each other. Not with uWSGI nodes.
legion-lease = ${legion} on
`;
  return `; Votes that a lord needs: more than half of the ${count} nodes.
legion-quorum = ${legion} ${majorityOf(count)}
${lease}`;
}

function lordHook({ legion, failover }: InitPlan): string {
  if (failover === undefined) {
    return "; This node only votes: it has no hook that would take the failover address.\n";
  }
  const { comment, action } = failover;
  return `${comment.map((line) => `; ${line}\n`).join("")}legion-lord = ${legion} ${action}

; When that fails, this node stands back for so many seconds, and the next one tries.
legion-death-on-lord-error = 300
`;
}

function pace({ withUwsgi }: InitPlan): string {
  // A uWSGI node announces nothing while it waits for the Robot.
  const [freq, tolerance] = withUwsgi ? [3, 60] : [1, 3];
  return `; Seconds between two announcements.
legion-freq = ${freq}

; Seconds of silence after which a node is taken for dead: at least three times legion-freq.
legion-tolerance = ${tolerance}

; Seconds by which the servers' clocks may differ.
legion-skew-tolerance = 60
`;
}

const stats = `; The status as a page, JSON and metrics; failover status needs neither of the two.
; stats = 127.0.0.1:1717
; stats-http = true
`;
