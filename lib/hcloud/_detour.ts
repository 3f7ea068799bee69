import { CloudError } from "./errors.ts";

/**
 * The way of an address that has to be unassigned before it can be assigned, which is gone at most
 * once a takeover (API.md, "Actions").
 */
export class Detour {
  #state: "none" | "due" | "made" = "none";

  /** Whether the next request is to unassign the address. */
  get isDue(): boolean {
    return this.#state === "due";
  }

  /** Takes note that the address is unassigned, or is being so. */
  made(): void {
    this.#state = "made";
  }

  /** Takes note that the address was assigned. */
  ended(): void {
    this.#state = "none";
  }

  /** The error to tell where an address that is assigned was refused: the second is the last. */
  refused(error: CloudError): CloudError {
    if (this.#state === "none") {
      this.#state = "due";
      return error;
    }
    this.#state = "none";
    const { kind, status, message } = error;
    return new CloudError({ kind, status, code: "STILL_ASSIGNED", message });
  }
}
