import { TestProcess } from "./process.ts";

/** Starts a web server as a process, which can be killed while its node runs. */
export async function startWeb(port: number): Promise<TestProcess> {
  const serve = `Deno.serve({ hostname: "127.0.0.1", port: ${port}, onListen() {
    console.log("listening");
  } }, () => new Response("ok"));`;
  const web = new TestProcess({ name: "web", command: Deno.execPath(), args: ["eval", serve] });
  await web.line(/^listening$/);
  return web;
}
