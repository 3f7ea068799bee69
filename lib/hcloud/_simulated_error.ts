import type { JsonReply } from "../move/simulator/reply.ts";

/** The HTTP status of each error code, as the public API document has them. */
const statuses: Readonly<Record<string, number>> = {
  json_error: 400,
  unauthorized: 401,
  forbidden: 403,
  token_readonly: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  uniqueness_error: 409,
  deprecated_api_endpoint: 410,
  locked: 423,
  protected: 423,
  resource_locked: 423,
  rate_limit_exceeded: 429,
  server_error: 500,
  service_error: 500,
  unknown_error: 500,
  bad_gateway: 502,
  maintenance: 503,
  unavailable: 503,
  timeout: 504,
};

/** The status of all other codes: the request was understood, and cannot be carried out. */
const unprocessable = 422;

/**
 * An error as the Cloud words it.
 *
 * @param details more about it; official clients need the field, so it is null rather than left out
 * @param status the HTTP status; that of the code when left out
 */
export function refusal(
  code: string,
  message: string,
  details: unknown = null,
  status = statuses[code] ?? unprocessable,
): JsonReply {
  return { status, body: { error: { code, message, details } } };
}

/** The error of a field of the request that is missing or wrong. */
export function invalidField(name: string, message: string): JsonReply {
  const details = { fields: [{ name, messages: [message] }] };
  return refusal("invalid_input", `invalid input in field '${name}'`, details);
}

/** The error of a resource that is not in the token's project. */
export function notFound(resource: string, id: string | number): JsonReply {
  return refusal("not_found", `${resource} with ID '${id}' not found`);
}
