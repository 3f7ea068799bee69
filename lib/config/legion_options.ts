// The options of a legion: who is in it, who may be lord and when, its times and its checks.
import type { Check } from "../base/check.ts";
import { commandOptions } from "./command_options.ts";
import { asksShell, checkKeys, parseCheck } from "./check.ts";
import { parseSeconds, parseWhole } from "../base/number.ts";
import { global, ofLegion, type OptionRow, repeated } from "./option.ts";
import { seconds, shownCheck, shownFailback, shownFlap, shownLease, shownNodes } from "./_shown.ts";
import {
  atLeastOne,
  authSecret,
  distinct,
  distinctlyNamed,
  failback,
  flapLimit,
  leaseUse,
  nodeAddress,
  ownAddress,
  releaseTime,
  scroll,
  scrollSize,
  timeToLive,
} from "./_values.ts";

const inSeconds = { form: "SECONDS", unit: "seconds", read: (text: string) => parseSeconds(text) };
// uWSGI takes 0 for "not set".
const orDefault = (seconds: string) => ({
  ...inSeconds,
  default: seconds,
  read: (text: string) => parseSeconds(text, { zero: true }) || parseSeconds(seconds),
  leadingNumber: true as const,
});
const another = (name: string) => ({ restart: `another ${name}` });
const anotherLegion = another("address, valor, cipher, secret or IV, or a legion more or less");

/** The options that make a legion: each line is one (lib/config/legion.ts). */
export const membershipOptions: readonly OptionRow[] = [
  {
    name: "legion",
    scope: "repeated",
    form: "ADDRESS VALOR CIPHER:SECRET [IV]",
    help: "be in a legion; ADDRESS is this server's, `host:port`, `[v6]:port` or `:port`",
    example: "legion = failover 1.1.1.1:2000 100 aes-256-cbc:@(/etc/failover/secret)",
    reload: anotherLegion,
  },
  {
    name: "legion-mcast",
    scope: "repeated",
    form: "ADDRESS VALOR CIPHER:SECRET [IV]",
    help: "as `legion`, by multicast (224–239.x.x.x) or broadcast: the address is a node's too",
    example: "legion-mcast = failover 225.1.1.1:4242 100 aes-256-cbc:@(/etc/failover/secret)",
    reload: anotherLegion,
  },
];

/** The options that fill a field of LegionConfig, by that field, as `--check-config` shows them. */
export const legionOptions = {
  /** The secret that authenticates announcements; undefined: they are not authenticated. */
  authSecret: ofLegion({
    name: "legion-auth",
    form: "hmac-sha256:SECRET",
    help: "sign announcements, and drop those without a signature",
    example: "legion-auth = failover hmac-sha256:@(/etc/failover/secret)",
    read: authSecret,
    shown: {
      label: "auth",
      text: (secret) => secret === undefined ? [] : "hmac-sha256, secret ***",
    },
    reload: another("legion-auth"),
  }),
  /** The addresses that announcements are sent to. */
  nodes: repeated({
    name: "legion-node",
    form: "ADDRESS",
    help: "another node, to which announcements are sent",
    example: "legion-node = failover 4.4.4.4:2000",
    read: (text, { address }) => nodeAddress(text, address),
    fill: (nodes, { address, isNode }) =>
      distinct([...address !== undefined && isNode ? [address] : [], ...nodes]),
    shown: { label: "nodes", text: shownNodes },
    reload: "in place",
  }),
  /** The address by which the other nodes list this one; undefined: the one it listens on. */
  ownAddress: ofLegion({
    name: "legion-address",
    form: "ADDRESS",
    otherwise: "that of legion; for :port, the listed one that this machine has",
    help: "the address by which the others list this node, where it is another (NAT)",
    example: "legion-address = failover 5.5.5.5:2000",
    read: (text, { address }) => ownAddress(text, address),
    shown: "apart",
    reload: "in place",
  }),
  /** The votes that a lord needs; 0, uWSGI's default: any number will do. */
  quorum: ofLegion({
    name: "legion-quorum",
    form: "N",
    unit: "votes",
    default: "0",
    help: "votes needed for a lord: more than half of all nodes",
    example: "legion-quorum = failover 3",
    read: parseWhole,
    leadingNumber: true,
    shown: {
      label: "quorum",
      text: (votes) => votes === 0 ? "0: any number of votes will do" : `${votes} votes`,
    },
    reload: "in place",
  }),
  /** Whether the lease decides who is lord. */
  lease: ofLegion({
    name: "legion-lease",
    form: "auto, on or off",
    default: "auto",
    help: "whether a lord needs a lease ([`failover help guarantee`](guarantee.md))",
    example: "legion-lease = failover on",
    read: leaseUse,
    shown: { label: "lease", text: shownLease },
    // A node without the lease keeps no promises, so none could be relied upon after a change.
    reload: {
      restart: "legion-lease to or from off",
      when: (before, after) => before === "off" || after === "off",
    },
  }),
  /** The time before the end of its lease at which a lord begins to release, in milliseconds. */
  releaseMs: ofLegion({
    name: "legion-release-time",
    ...inSeconds,
    default: "0",
    help: "how long the unlord hooks may take before another may be lord",
    example: "legion-release-time = failover 2",
    read: (text, { toleranceMs }) => releaseTime(text, toleranceMs),
    shown: "apart",
    reload: "in place",
  }),
  /** The most other members that the legion may have. */
  maxMembers: ofLegion({
    name: "legion-max-members",
    form: "N",
    unit: "nodes",
    default: "1000",
    help: "how many other nodes are taken in at most",
    example: "legion-max-members = failover 10",
    read: atLeastOne,
    shown: { label: "members", text: (count) => `at most ${count} other nodes` },
    reload: "in place",
  }),
  /** The moment at which this node takes the title back from a lord that it outranks. */
  failback: ofLegion({
    name: "legion-failback",
    form: "immediate, delay SECONDS or manual",
    default: "immediate",
    help: "when a higher valor takes the title back",
    example: "legion-failback = failover delay 600",
    read: failback,
    shown: { label: "failback", text: shownFailback },
    reload: "in place",
  }),
  /** The number of losses of the title, in a time, after which this node stands back. */
  flap: ofLegion({
    name: "legion-flap",
    form: "COUNT/SECONDS",
    default: "3/600",
    help: "a node that loses the title more often stands back for the rest of that time",
    example: "legion-flap = failover 5/3600",
    read: flapLimit,
    shown: { label: "flapping", text: shownFlap },
    reload: "in place",
  }),
  /** The time between two announcements, in milliseconds. */
  freqMs: global({
    name: "legion-freq",
    ...orDefault("3"),
    help: "the time between two announcements; decimals are fine",
    example: "legion-freq = 1",
    shown: { label: "freq", text: (ms) => `announce each ${seconds(ms)}` },
    reload: "in place",
  }),
  /** The silence after which a member is dropped, in milliseconds. */
  toleranceMs: global({
    name: "legion-tolerance",
    ...orDefault("15"),
    help: "silence after which a node is dropped; at least three times `legion-freq`",
    example: "legion-tolerance = 10",
    shown: { label: "tolerance", text: (ms) => `drop a node after ${seconds(ms)} of silence` },
    reload: "in place",
  }),
  /** The difference of clocks that is accepted, in milliseconds. */
  skewToleranceMs: global({
    name: "legion-skew-tolerance",
    ...orDefault("60"),
    help: "how far apart the clocks of two nodes may be",
    example: "legion-skew-tolerance = 30",
    shown: { label: "clocks", text: (ms) => `may differ by ${seconds(ms)}` },
    reload: another("legion-skew-tolerance"),
  }),
  /** The time to stand back after a failed lord hook, in milliseconds; 0: be lord all the same. */
  deathOnLordErrorMs: global({
    name: "legion-death-on-lord-error",
    ...inSeconds,
    default: "0",
    help: "when a lord hook fails, stand back for so long; 0: be lord all the same",
    example: "legion-death-on-lord-error = 300",
    read: (text) => parseSeconds(text, { zero: true }),
    leadingNumber: true,
    shown: {
      label: "lord error",
      text: (ms) => ms === 0 ? "be lord all the same" : `stand back for ${seconds(ms)}`,
    },
    reload: "in place",
  }),
  /** The checks of the service, in the order of the file. */
  checks: repeated({
    name: "legion-check",
    form: "KEYVALS",
    help: "a check of the service ([`failover help checks`](checks.md))",
    example: "legion-check = failover http=http://127.0.0.1/health,name=web",
    keys: checkKeys,
    asksShell,
    read: (text, _around, { file, line, written }): Check => ({
      file,
      line,
      ...parseCheck(text, written),
    }),
    fill: distinctlyNamed,
    shown: { label: "check", text: (checks) => checks.map(shownCheck) },
    reload: "in place",
  }),
  /** A text attached to every announcement; empty when there is none. */
  scroll: ofLegion({
    name: "legion-scroll",
    form: "TEXT",
    default: "",
    help: "a text that goes with the announcements",
    example: "legion-scroll = failover rack 7",
    read: (text, { scrollMaxSize }) => scroll(text, scrollMaxSize),
    shown: { label: "scroll", text: (text) => text === "" ? [] : text },
    reload: "in place",
  }),
  /** The size of the longest scroll in the legion, in bytes; the default is uWSGI's own limit. */
  scrollMaxSize: global({
    name: "legion-scroll-max-size",
    form: "BYTES",
    unit: "bytes",
    default: "4096",
    help: "the longest scroll, the same at every node",
    example: "legion-scroll-max-size = 1000",
    read: scrollSize,
    leadingNumber: true,
    shown: { label: "scrolls", text: (bytes) => `of at most ${bytes} bytes` },
    reload: another("legion-scroll-max-size"),
  }),
  /** The time after which a hook that has not ended is aborted, in milliseconds. */
  hookTimeoutMs: global({
    name: "legion-hook-timeout",
    ...inSeconds,
    default: "300",
    help: "the time after which a hook is ended that has not ended by itself",
    example: "legion-hook-timeout = 60",
    shown: "apart",
    reload: "in place",
  }),
  /** The routers, plus one, that a datagram to a group may pass; undefined: none. */
  multicastTtl: global({
    name: "multicast-ttl",
    form: "N",
    otherwise: "1",
    help: "with `legion-mcast`: a datagram to the group passes N − 1 routers; IPv4 only",
    example: "multicast-ttl = 2",
    read: timeToLive,
    leadingNumber: true,
    shown: { label: "ttl", text: (ttl) => ttl === undefined ? [] : `${ttl}` },
    reload: another("multicast-ttl"),
  }),
  ...commandOptions,
};
