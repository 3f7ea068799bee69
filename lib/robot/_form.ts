import type { IncomingMessage } from "node:http";
import { bodyOf } from "../move/simulator/listen.ts";

/** The fields of a form: the last value of each name. */
export type Form = ReadonlyMap<string, string>;

/**
 * Reads the form of a request, form-encoded or `multipart/form-data`, as the request's type says
 * (API.md, "Errors"). A body of another type, or one that cannot be read, has no fields; a
 * file is no field.
 *
 * @throws Error when the client breaks off
 */
export async function formOf(message: IncomingMessage): Promise<Form> {
  const body = await bodyOf(message);
  const type = message.headers["content-type"];
  const headers = type === undefined ? undefined : { "content-type": type };
  try {
    const fields = await new Response(body, { headers }).formData();
    return new Map([...fields].filter((field): field is [string, string] => isText(field[1])));
  } catch {
    return new Map();
  }
}

function isText(value: FormDataEntryValue): value is string {
  return typeof value === "string";
}
