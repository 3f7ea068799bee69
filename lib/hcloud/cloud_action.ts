import { idOf, objectOf } from "./_fields.ts";

/** An action in a reply of the Cloud: a change that takes its time (API.md, "Actions"). */
export interface CloudAction {
  /** The id. */
  readonly id: number;
  /** Whether it runs, and how it has ended. */
  readonly status: "running" | "success" | "error";
  /** The reason of its failure, as it came. */
  readonly error?: unknown;
}

const states = ["running", "success", "error"] as const;

/** Reads an action, all of whose fields must be there. Undefined: it is none. */
export function cloudActionOf(value: unknown): CloudAction | undefined {
  const fields = objectOf(value);
  const id = idOf(fields.id);
  const status = states.find((state) => state === fields.status);
  if (id === undefined || status === undefined) return undefined;
  return { id, status, error: fields.error };
}
