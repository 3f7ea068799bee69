import type { Configuration } from "../configuration.ts";
import { hear, hooks, mine, whole } from "./_lines.ts";

/** The values of options. */
export const values: readonly Configuration[] = [
  { what: "a lone node", files: whole() },
  {
    what: "a quorum, and its last line counts",
    files: whole("legion-quorum = one 3\nlegion-quorum = one 1\n"),
  },
  {
    what: "a quorum that one node never makes",
    files: whole("legion-quorum = one 2\n"),
    lord: false,
  },
  { what: "an arbiter", files: mine("legion = one OWN 0 aes-256-cbc:secret"), lord: false },
  {
    what: "a valor with text behind it",
    files: mine("legion = one OWN 98x aes-256-cbc:secret"),
    warned: /98 is read/,
  },
  {
    what: "a quorum with text behind it",
    files: whole("legion-quorum = one 1 vote\n"),
    warned: /1 is read/,
  },
  { what: "a freq with its unit", files: whole("legion-freq = 2s\n"), warned: /2 is read/ },
  {
    what: "zero as the default of the times",
    files: whole("legion-freq = 0\nlegion-tolerance = 0\nlegion-skew-tolerance = 0\n"),
  },
  { what: "a tolerance", files: whole("legion-tolerance = 7\n") },
  {
    what: "a scroll with blanks, signs and all",
    files: whole("legion-scroll = one rack 7;  row #2 = left\n"),
  },
  {
    what: "several nodes, one twice",
    files: whole("legion-node = one 127.0.0.1:9\nlegion-node = one 127.0.0.1:11\n"),
  },
  { what: "the cipher bf-cbc as blowfish", files: mine("legion = one OWN 7 blowfish:secret") },
  { what: "the cipher bf-cbc as BF", files: mine("legion = one OWN 7 BF:secret") },
  { what: "the cipher aes-128-cbc as aes128", files: mine("legion = one OWN 7 aes128:secret") },
  { what: "the cipher aes-192-cbc as AES192", files: mine("legion = one OWN 7 AES192:secret") },
  { what: "the cipher aes-256-cbc as Aes256", files: mine("legion = one OWN 7 Aes256:secret") },
  { what: "the cipher des-ede3-cbc as des3", files: mine("legion = one OWN 7 des3:secret") },
  { what: "an IV", files: mine("legion = one OWN 7 aes-256-cbc:secret iv") },
  { what: "an IV with blanks", files: mine("legion = one OWN 7 aes-256-cbc:secret my own iv") },
  {
    what: "an IV that begins with a blank",
    files: mine("legion = one OWN 7 aes-256-cbc:secret  iv"),
  },
  { what: "a secret with signs in it", files: mine("legion = one OWN 7 aes-256-cbc:a:b;#=,\\") },
  {
    what: "a secret longer than the key",
    files: mine("legion = one OWN 7 bf-cbc:a-secret-of-more-than-sixteen-bytes"),
  },
  {
    what: "comments, blank lines and odd blanks",
    files: {
      "main.ini":
        `; one\n\n[uwsgi]\n#two\n  legion=one OWN 7 aes-256-cbc:secret  \n${hear}\n${hooks}`,
    },
  },
  {
    what: "a legion by multicast",
    files: mine("legion-mcast = one 225.1.1.1:PORT 7 aes-256-cbc:secret"),
  },
  {
    what: "two legions, and hooks of the first",
    files: whole(`legion = two 127.0.0.1:PORT1 9 bf-cbc:other\nlegion-node = two 127.0.0.1:9
legion-quorum = two 2\nlegion-scroll = two of the second\n`),
  },
  {
    what: "three servers that vote for one address",
    files: whole(
      `legion-node = one 127.0.0.1:9\nlegion-node = one 127.0.0.1:11\nlegion-quorum = one 2
legion-death-on-lord-error = 300\nlegion-unlord = one cmd:sh DIR/say unlord end\n`,
    ),
    lord: false,
  },
];
