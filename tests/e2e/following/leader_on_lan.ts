// An imitation of Patroni's REST API, for use in a network namespace: /leader is answered 200 where
// the file that the second argument names holds this server's index, the third, and 503 elsewhere.
import { errorMessage } from "../../../lib/base/error_message.ts";

const [hostname, file, server] = Deno.args;

Deno.serve({ hostname, port: 8008, onListen: () => console.log("ready") }, async ({ url }) => {
  const { pathname } = new URL(url);
  if (pathname !== "/leader") return new Response(null, { status: 404 });
  try {
    const isLeader = await Deno.readTextFile(file) === server;
    return Response.json({ role: isLeader ? "master" : "replica" }, {
      status: isLeader ? 200 : 503,
    });
  } catch (error) {
    return new Response(errorMessage(error), { status: 500 });
  }
});
