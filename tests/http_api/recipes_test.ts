// The recipes of the manual, as they stand there, against imitations of the providers' APIs: each
// moved, already there, busy, refused, with a lost reply, and taken back.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { forgetTokens } from "../../lib/http_api/_token.ts";
import { addressOf as addressOfAction } from "../../lib/hooks/registry.ts";
import type { KeptAddress } from "../../lib/move/provider.ts";
import { preflight } from "../../lib/move/preflight.ts";
import { routeHere } from "../../lib/move/route_here.ts";
import { watch } from "../../lib/move/watch.ts";
import { files, read, text } from "../config/read.ts";
import { type Imitation, imitations } from "./_imitations.ts";
import { type Api, type Got, startApi } from "../lab/any_api.ts";
import { contextOf, quick } from "./_setup.ts";

const manual = await Deno.readTextFile("lib/manual/providers.md");
const recipes = new Map(
  [...manual.matchAll(/```ini\n(\[http (\w+)\]\n.*?)```/gs)].map((
    [, recipe, name],
  ) => [name, recipe]),
);

/** A provider as it stands: where the address is, and what becomes of the next switches. */
interface World {
  at: string | null;
  /** The replies to the next requests for a switch; further ones are taken. */
  next: ("busy" | "refused" | "lost" | "lost before" | "fails")[];
  /** The switches that were asked for. */
  moves: number;
}

function start(imitation: Imitation, world: World): Api {
  let pending: { to: string; fails: boolean; polls: number } | undefined;
  const { to: toOf, taken, already, busy, refused, poll, lookPath, look, token } = imitation;
  const answer = (got: Got): Response | undefined => {
    if (token?.test(got.body)) {
      return new Response(JSON.stringify({ access_token: "secret", expires_in: 300 }));
    }
    if (got.headers.get("authorization") !== "Bearer secret") {
      return new Response("", { status: 401 });
    }
    const to = toOf(got);
    if (to !== undefined) {
      world.moves++;
      const next = world.next.shift();
      if (next === "busy") return busy();
      if (next === "refused") return refused();
      if (next === "lost before") return undefined;
      if (already !== undefined && world.at === to) return already();
      pending = { to, fails: next === "fails", polls: 0 };
      if (poll === undefined || next === "lost") world.at = to;
      return next === "lost" ? undefined : taken();
    }
    if (got.path === poll?.path && pending !== undefined) {
      if (pending.polls++ === 0) return poll.reply("running");
      if (pending.fails) return poll.reply("failed");
      world.at = pending.to;
      return poll.reply("done");
    }
    return got.path === lookPath && got.method === "GET"
      ? look(world.at)
      : new Response("no such path", { status: 404 });
  };
  return startApi(answer);
}

/** The address of a recipe, with the URLs of an imitation in the place of the provider's. */
function addressOf(name: string, { url }: Api): KeptAddress {
  forgetTokens();
  files[`/etc/failover.${name}`] = "secret\n";
  const recipe = recipes.get(name)!.replaceAll("https://", `${url}/`);
  const config = read(`${text}legion-lord = one http:${name}\n${recipe}`);
  return quick(addressOfAction(config.legions[0].hooks[0].action)!);
}

function setUp(imitation: Imitation, given: Partial<World> = {}) {
  const world: World = { at: imitation.elsewhere, next: [], moves: 0, ...given };
  const api = start(imitation, world);
  return { world, api, address: addressOf(imitation.name, api), ...contextOf() };
}

Deno.test("there is an imitation for each recipe", () => {
  // The first block of the chapter is no provider's.
  assertEquals(
    [...recipes.keys()].filter((name) => name !== "example"),
    imitations.map((one) => one.name),
  );
});

for (const imitation of imitations) {
  const { name, elsewhere, poll } = imitation;

  Deno.test(`${name}: preflight tells where the address is, and a takeover moves it`, async () => {
    const { world, api, address, context, lines } = setUp(imitation);
    await using _ = api;
    await preflight(address, context);
    assertEquals(lines, [`info preflight: 203.0.113.10 points to ${elsewhere}`]);
    assertEquals((await routeHere(address, context)).outcome, "routed");
    assertEquals([world.at, world.moves], [address.wanted, 1]);
    assertEquals(lines.filter((line) => line.includes("secret")), []);
  });

  Deno.test(`${name}: an address that is nowhere is moved`, async () => {
    const { world, api, address, context } = setUp(imitation, { at: null });
    await using _ = api;
    assertEquals((await address.look()).pointsTo, null);
    assertEquals((await routeHere(address, context)).outcome, "routed");
    assertEquals(world.at, address.wanted);
  });

  Deno.test(`${name}: an address that is there already stays there`, async () => {
    const { world, api, address, context } = setUp(imitation);
    await using _ = api;
    world.at = address.wanted;
    const result = await routeHere(address, context, { before: "there" });
    assertEquals([result.outcome, world.moves], ["already routed", 0]);
    // The documents of three providers have no reply of its own for it: it is a switch as any other.
    const asked = await routeHere(address, context);
    assertEquals(asked.outcome, imitation.already === undefined ? "routed" : "already routed");
    assertEquals(world.at, address.wanted);
  });

  Deno.test(`${name}: busy is asked again`, async () => {
    const { world, api, address, context, lines } = setUp(imitation, {
      next: ["busy", "busy"],
    });
    await using _ = api;
    assertEquals((await routeHere(address, context)).outcome, "routed");
    assertEquals([world.at, world.moves], [address.wanted, 3]);
    assertMatch(lines.join("\n"), /warn \S+: (POST|PATCH): BUSY: the reply has the status 4\d\d: /);
  });

  Deno.test(`${name}: a refusal ends the takeover, and says why`, async () => {
    const { world, api, address, context } = setUp(imitation, { next: ["refused"] });
    await using _ = api;
    const result = await routeHere(address, context);
    assertEquals([result.outcome, world.moves, world.at], ["refused", 1, elsewhere]);
    assertMatch(result.message, /^the reply has the status 4\d\d: \{/);
  });

  Deno.test(`${name}: after a lost reply a look tells that the address is there`, async () => {
    const { world, api, address, context } = setUp(imitation, { next: ["lost"] });
    await using _ = api;
    assertEquals((await routeHere(address, context)).outcome, "routed");
    assertEquals([world.at, world.moves], [address.wanted, 1]);
  });

  Deno.test(`${name}: where the request was lost, looks tell so, and it is asked again`, async () => {
    const { world, api, address, context } = setUp(imitation, { next: ["lost before"] });
    await using _ = api;
    assertEquals((await routeHere(address, context)).outcome, "routed");
    assertEquals([world.at, world.moves], [address.wanted, 2]);
  });

  // A Dedibox has no poll: its reply is the end of the switch.
  if (poll !== undefined) {
    Deno.test(`${name}: a switch that fails later is asked for again`, async () => {
      const { world, api, address, context } = setUp(imitation, { next: ["fails"] });
      await using _ = api;
      assertEquals((await routeHere(address, context)).outcome, "routed");
      assertEquals([world.at, world.moves], [address.wanted, 2]);
    });
  }

  Deno.test(`${name}: an address that is elsewhere is taken back by the lord`, async () => {
    const { world, api, address, context } = setUp(imitation);
    await using _ = api;
    const end = new AbortController();
    let waits = 0;
    await watch(address, { ...context, signal: end.signal }, () => {
      if (world.at === address.wanted) end.abort();
      assert(waits++ < 5);
      return end.signal.aborted ? Promise.reject(end.signal.reason) : Promise.resolve();
    });
    assertEquals([world.at, world.moves], [address.wanted, 1]);
  });
}
