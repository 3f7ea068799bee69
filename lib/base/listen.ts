import type { Address } from "./address.ts";

/** Where a server listens: a TCP address, or the path of a UNIX socket. */
export type Listen = { readonly address: Address } | { readonly path: string };
