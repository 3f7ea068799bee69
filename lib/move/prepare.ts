import { seedTls } from "../base/http/seed_tls.ts";

/** Does beforehand, beside other things, what the first request to a URL would have to wait for. */
export async function prepare({ url }: { readonly url: string }): Promise<void> {
  if (new URL(url).protocol === "https:") await seedTls();
}
