import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { castingOf, parseAddress } from "../../lib/config/address.ts";
import { majorityOf, votersOf } from "../../lib/config/voters.ts";

const here = ["127.0.0.1", "10.0.0.1", "FD09:0:0:0:0:0:0:1", "fe80::1"];

function voters(address: string, nodes: readonly string[] = [], own?: string) {
  const config = {
    address: parseAddress(address),
    casting: castingOf(parseAddress(address)),
    nodes: nodes.map(parseAddress),
    ownAddress: own === undefined ? undefined : parseAddress(own),
  };
  const { voters, node } = votersOf(config, () => here);
  return [voters.join(" "), node];
}

Deno.test("this node is in the list, whether it is listed or not", () => {
  assertEquals(voters("10.0.0.1:2000"), ["10.0.0.1:2000", "10.0.0.1:2000"]);
  const both = ["10.0.0.1:2000 10.0.0.2:2000", "10.0.0.1:2000"];
  assertEquals(voters("10.0.0.1:2000", ["10.0.0.2:2000"]), both);
  assertEquals(voters("10.0.0.1:2000", ["10.0.0.2:2000", "10.0.0.1:2000"]), both);
  assertEquals(voters("127.0.0.1:1", ["127.0.0.1:3", "127.0.0.1:2"]), [
    "127.0.0.1:1 127.0.0.1:2 127.0.0.1:3",
    "127.0.0.1:1",
  ]);
});

Deno.test("a node that listens on all addresses is the listed one that this machine has", () => {
  const three = ["10.0.0.1:2000", "10.0.0.2:2000", "10.0.0.3:2000"];
  assertEquals(voters(":2000", three), [three.join(" "), "10.0.0.1:2000"]);
  // By value: counted as text, the first of these would be a node besides this one.
  for (const own of ["[fd09::1]:2000", "[FD09:0:0:0:0:0:0:1]:2000"]) {
    const six = [own, "[fd09::2]:2000", "[fd09::3]:2000"];
    assertEquals(voters("[::]:2000", six), [
      "[fd09::1]:2000 [fd09::2]:2000 [fd09::3]:2000",
      "[fd09::1]:2000",
    ]);
  }
  assertEquals(voters("[0::0]:2000", ["[fe80::1%eth0]:2000"])[1], "[fe80::1]:2000");
});

Deno.test("a node that nothing tells is not known: no listed address here, or two", () => {
  assertEquals(voters(":2000", ["10.0.0.8:2000"]), ["10.0.0.8:2000", undefined]);
  assertEquals(voters(":2001", ["10.0.0.1:2000"]), ["10.0.0.1:2000", undefined]);
  assertEquals(voters(":2", ["10.0.0.1:2", "127.0.0.1:2"])[1], undefined);
  assertEquals(voters(":2000"), ["", undefined]);
});

Deno.test("legion-address goes before all that is found", () => {
  assertEquals(voters("10.0.0.1:2000", ["10.0.0.2:2000"], "4.4.4.4:7"), [
    "10.0.0.2:2000 4.4.4.4:7",
    "4.4.4.4:7",
  ]);
  assertEquals(voters(":2000", ["10.0.0.1:2000"], "4.4.4.4:7")[1], "4.4.4.4:7");
});

Deno.test("in a group the listed nodes vote, and the group's address is no node's", () => {
  for (const group of ["225.1.1.1:2000", "255.255.255.255:2000"]) {
    assertEquals(voters(group, [group]), ["", undefined]);
    assertEquals(voters(group, [group], "10.0.0.1:2000"), ["", undefined]);
    assertEquals(voters(group, [group, "10.0.0.2:2000", "10.0.0.1:2000"]), [
      "10.0.0.1:2000 10.0.0.2:2000",
      "10.0.0.1:2000",
    ]);
  }
  assertEquals(voters("[ff02::7]:2000", ["[FD09::1]:2000"])[1], "[fd09::1]:2000");
});

Deno.test("a wildcard or a group among the nodes is no voter", () => {
  const nodes = [":2000", "225.1.1.1:2000", "255.255.255.255:2000"];
  assertEquals(voters("10.0.0.1:2000", nodes)[0], "10.0.0.1:2000");
});

Deno.test("the machine's addresses are asked for only where they matter", () => {
  const asked = (address: string, nodes: string[], own?: string) => {
    let count = 0;
    votersOf({
      address: parseAddress(address),
      casting: castingOf(parseAddress(address)),
      nodes: nodes.map(parseAddress),
      ownAddress: own === undefined ? undefined : parseAddress(own),
    }, () => (count++, here));
    return count > 0;
  };
  assertEquals(asked("10.0.0.1:2000", ["10.0.0.2:2000"]), false);
  assertEquals(asked(":2000", []), false);
  assertEquals(asked(":2000", ["10.0.0.1:2000"], "4.4.4.4:2000"), false);
  assertEquals(asked("225.1.1.1:2000", ["225.1.1.1:2000"]), false);
  assertEquals(asked(":2000", ["10.0.0.1:2000"]), true);
});

Deno.test("the list is the same at every node, however each writes the addresses", () => {
  const spelling = fc.constantFrom(
    (host: string) => host.toUpperCase(),
    (host: string) => host.replace("::", ":0:0:0:0:0:"),
    (host: string) => host.replace("::", ":0::"),
    (host: string) => host,
  );
  const node = fc.tuple(fc.integer({ min: 1, max: 9 }), spelling)
    .map(([n, spell]) => `[${spell(`2001:db8::${n}`)}]:2000`);
  fc.assert(fc.property(fc.array(node, { minLength: 1 }), fc.nat(), (nodes, at) => {
    const own = nodes[at % nodes.length];
    const numbers = nodes.map((text) => /(\d)\]/.exec(text)![1]);
    assertEquals(voters(own, nodes), [
      [...new Set(numbers)].sort().map((n) => `[2001:db8::${n}]:2000`).join(" "),
      `[2001:db8::${/(\d)\]/.exec(own)![1]}]:2000`,
    ]);
  }));
});

Deno.test("a majority is more than half", () => {
  assertEquals([1, 2, 3, 4, 5].map(majorityOf), [1, 2, 2, 3, 3]);
});
