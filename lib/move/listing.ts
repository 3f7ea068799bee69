import type { Route } from "./provider.ts";

/** An address in the list of all that an account has. */
export interface ListedAddress extends Pick<Route, "ip" | "status"> {
  /** The server that it points to; null: nowhere; left out where the provider does not tell. */
  readonly pointsTo?: string | null;
  /** The address for people, with its name where it has one. */
  readonly title: string;
  /** The server that it points to for people, with its name where it has one. */
  readonly where: string;
  /** The server that it belongs to; empty: none, or not told. */
  readonly home: string;
  /** All that the provider tells of it, by the names of its API. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** All addresses of an account. */
export interface Listing {
  /** The addresses. */
  readonly addresses: readonly ListedAddress[];
  /** The beginnings of entries that could not be read. */
  readonly unreadable: readonly string[];
}
