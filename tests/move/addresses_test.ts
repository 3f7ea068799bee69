import { assert, assertEquals, assertRejects } from "@std/assert";
import { addressesOf, type Sought } from "../../lib/move/_addresses.ts";
import { KnownAddresses } from "../../lib/move/known_addresses.ts";

/** The addresses of a name, as they come, each with how many milliseconds after the beginning. */
async function found(sought: Omit<Sought, "hostname">, most = Infinity) {
  const begun = performance.now();
  const addresses: string[] = [];
  const times: number[] = [];
  const { signal } = new AbortController();
  for await (const place of addressesOf({ hostname: "robot.test", ...sought }, signal)) {
    addresses.push(place.address);
    times.push(performance.now() - begun);
    if (addresses.length >= most) break;
  }
  return { addresses, times };
}

function knowing(address: string): KnownAddresses {
  const known = new KnownAddresses();
  known.note("robot.test", address);
  return known;
}

const answers = (...addresses: string[]) => () => Promise.resolve(addresses);
const fails = () => Promise.reject(new Error("ENOTFOUND"));

Deno.test("addressesOf: an address is its own", async () => {
  const { signal } = new AbortController();
  for (const hostname of ["1.2.3.4", "2001:db8::1"]) {
    const sought = { hostname, known: knowing("9.9.9.9"), lookUp: fails };
    assertEquals(await Array.fromAsync(addressesOf(sought, signal)), [{ address: hostname }]);
  }
});

Deno.test("addressesOf: what the lookup says counts, as long as it says something", async () => {
  const { addresses } = await found({
    known: knowing("9.9.9.9"),
    lookUp: answers("1.1.1.1", "2.2.2.2"),
  });
  assertEquals(addresses, ["1.1.1.1", "2.2.2.2"]);
});

Deno.test("addressesOf: the last good one is used at once when the lookup fails", async () => {
  const { addresses, times } = await found({ known: knowing("9.9.9.9"), lookUp: fails }, 1);
  assertEquals(addresses, ["9.9.9.9"]);
  assert(times[0] < 900, `${times[0]} ms`);
});

Deno.test("addressesOf: behind a last good one that is of no use comes the lookup's error", async () => {
  await assertRejects(
    () => found({ known: knowing("9.9.9.9"), lookUp: fails }),
    Error,
    "ENOTFOUND",
  );
  await assertRejects(
    () => found({ known: new KnownAddresses(), lookUp: fails }),
    Error,
    "ENOTFOUND",
  );
});

Deno.test("addressesOf: a lookup that takes long costs a second, and is then waited for", async () => {
  const late = Promise.withResolvers<string[]>();
  const lookUp = () => late.promise;
  const sought = { hostname: "robot.test", known: knowing("9.9.9.9"), lookUp };
  const all = addressesOf(sought, new AbortController().signal);
  const begun = performance.now();
  assertEquals((await all.next()).value, { address: "9.9.9.9", isRemembered: true });
  const tookMs = performance.now() - begun;
  assert(tookMs > 990 && tookMs < 1_900, `${tookMs} ms`);
  late.resolve(["9.9.9.9", "1.1.1.1"]);
  // The lookup's word is certain, also of an address that was tried before.
  assertEquals(await Array.fromAsync(all), [{ address: "9.9.9.9" }, { address: "1.1.1.1" }]);
});

Deno.test("addressesOf: a last good one of the other version of IP is none", async () => {
  const known = knowing("2001:db8::1");
  await assertRejects(() => found({ known, family: 4, lookUp: fails }), Error, "ENOTFOUND");
  const { addresses } = await found({ known, family: 6, lookUp: fails }, 1);
  assertEquals(addresses, ["2001:db8::1"]);
});

Deno.test("KnownAddresses: the newest few are known, and told at each change", () => {
  const known = new KnownAddresses();
  let told = 0;
  let last: unknown;
  known.onChange = (all) => {
    told++;
    last = all.at(-1);
    assert(all.length <= 16);
  };
  for (let n = 0; n < 20; n++) known.note(`${n}.test`, `1.1.1.${n}`);
  known.note("19.test", "1.1.1.19");
  known.note("1.2.3.4", "1.2.3.4");
  assertEquals([told, last], [20, { name: "19.test", address: "1.1.1.19" }]);
  assertEquals([known.addressOf("0.test"), known.addressOf("19.test")], [undefined, "1.1.1.19"]);
});

Deno.test("KnownAddresses: what was known before counts where nothing newer is known", () => {
  const known = knowing("1.1.1.1");
  known.recall([
    { name: "robot.test", address: "9.9.9.9" },
    { name: "other.test", address: "2001:db8::1" },
    { name: "wrong.test", address: "no address" },
    { name: "x".repeat(300), address: "1.1.1.1" },
  ]);
  const names = ["robot.test", "other.test", "wrong.test", "x".repeat(300)];
  assertEquals(names.map((name) => known.addressOf(name)), [
    "1.1.1.1",
    "2001:db8::1",
    undefined,
    undefined,
  ]);
});
