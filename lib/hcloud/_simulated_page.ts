import type { JsonReply } from "../move/simulator/reply.ts";
import { invalidField } from "./_simulated_error.ts";

const mostPerPage = 50;
const usualPerPage = 25;

/**
 * The page of a list that a request asks for with `page` and `per_page`.
 *
 * @param name the field of the reply that holds the list
 */
export function page(url: URL, name: string, all: readonly unknown[]): JsonReply {
  const number = positive(url.searchParams.get("page"), 1);
  if (number === undefined) return invalidField("page", "must be at least 1");
  const asked = positive(url.searchParams.get("per_page"), usualPerPage);
  if (asked === undefined) return invalidField("per_page", "must be at least 1");
  const perPage = Math.min(asked, mostPerPage);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  return {
    status: 200,
    body: {
      [name]: all.slice((number - 1) * perPage, number * perPage),
      meta: {
        pagination: {
          page: number,
          per_page: perPage,
          previous_page: number > 1 ? number - 1 : null,
          next_page: number < last ? number + 1 : null,
          last_page: last,
          total_entries: all.length,
        },
      },
    },
  };
}

function positive(text: string | null, usual: number): number | undefined {
  if (text === null) return usual;
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
