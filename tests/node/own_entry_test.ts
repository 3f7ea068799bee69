import { assertEquals } from "@std/assert";
import { parseAddress } from "../../lib/config/address.ts";
import { OwnEntry } from "../../lib/node/own_entry.ts";
import { HandClock } from "../lab/hand_clock.ts";
import { legionConfig } from "./legion_config.ts";

const nodes = ["10.0.0.1:2000", "10.0.0.2:2000"].map(parseAddress);
const everywhere = legionConfig({ address: parseAddress(":2000"), nodes });

function looking() {
  const clock = new HandClock();
  const found: (string | undefined)[] = [];
  let hosts: string[] | undefined = ["127.0.0.1"];
  let looks = 0;
  const entry = new OwnEntry({
    clock,
    localHosts() {
      looks++;
      if (hosts === undefined) throw new Error("they are not told");
      return hosts;
    },
    found: ({ node }) => found.push(node),
  });
  return {
    entry,
    clock,
    found,
    looks: () => looks,
    has: (...addresses: string[]) => hosts = addresses,
    tellsNothing: () => hosts = undefined,
  };
}

Deno.test("an address that comes later tells the own entry, and then nobody looks any more", () => {
  const { entry, clock, found, looks, has, tellsNothing } = looking();
  entry.seek(everywhere);
  clock.pass(2_500);
  assertEquals([looks(), found], [2, []]);
  tellsNothing();
  clock.pass(1_000);
  has("10.0.0.2");
  clock.pass(1_000);
  assertEquals([looks(), found, clock.alarms], [4, ["10.0.0.2:2000"], 0]);
});

Deno.test("nobody looks for an entry that is known, or where no nodes are listed", () => {
  const { entry, clock } = looking();
  entry.seek(legionConfig({ nodes }));
  entry.seek(legionConfig({ address: parseAddress(":2000") }));
  assertEquals(clock.alarms, 0);
});

Deno.test("another configuration takes the place of the one before, and an end ends it", () => {
  const { entry, clock, found, has } = looking();
  entry.seek(everywhere);
  entry.seek(legionConfig({ address: parseAddress(":2001"), nodes }));
  has("10.0.0.2");
  clock.pass(2_000);
  assertEquals([found, clock.alarms], [[], 1]);
  entry.close();
  assertEquals(clock.alarms, 0);
});
