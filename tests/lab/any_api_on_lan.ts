// An API of one address as a process, for use in a network namespace. Its arguments are the address
// to listen on, and the path of the file that says what becomes of requests for a switch. The process
// prints its URL, each switch asked for, and each switch done.
import { startApi } from "./any_api.ts";
import { anyApiSays as says, anyToken, type ApiMood } from "./any_api_process.ts";

const [host, moodFile] = Deno.args;
let at: string | null = null;
const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });

const { url } = startApi(({ method, headers, body }) => {
  if (headers.get("authorization") !== `Bearer ${anyToken}`) return json({}, 401);
  if (method !== "POST") return json({ address: { server: at } });
  const { server } = JSON.parse(body);
  console.log(`${says.asked}${server}`);
  const mood = Deno.readTextFileSync(moodFile) as ApiMood;
  if (mood === "hangs") return new Promise(() => {});
  if (mood === "refuses") return json({ error: "not in this region" }, 403);
  at = server;
  console.log(`${says.pointsTo}${at}`);
  return json({ address: { server: at } });
}, host);
console.log(`${says.isAt}${url}`);
