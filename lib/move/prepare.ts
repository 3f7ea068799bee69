import { seedTls } from "../base/http/seed_tls.ts";
import type { Place } from "./_open.ts";

/** Does beforehand, beside other things, what the first request to a place would have to wait for. */
export async function prepare({ url, sslNoVerify }: Place): Promise<void> {
  if (new URL(url).protocol === "http:") return;
  if (sslNoVerify) await import("node:tls");
  else await seedTls();
}
