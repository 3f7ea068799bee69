/** A request that came in, without its token. */
export interface CloudSimulatorRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The path from the API's base on, with the query: `/floating_ips?page=2`. */
  readonly path: string;
  /** The body, where it is JSON. */
  readonly body?: unknown;
  /** The time when its headers came, in milliseconds of the simulator's clock. */
  readonly atMs: number;
  /**
   * The end of the request, once it has ended: `200`, `423 locked`, `reset`, or `gone` when the
   * client broke off first.
   */
  outcome?: string;
}

/**
 * Whether a request is one of those that a text names: by its method, and perhaps by a part of its
 * path after a space, such as `POST` or `POST /actions/assign`. No text names all.
 */
export function isOn(
  on: string | undefined,
  request: { readonly method: string; readonly path: string },
): boolean {
  const [method, part = ""] = (on ?? request.method).split(" ");
  return method === request.method && request.path.includes(part);
}

/** The requests to a simulator, in the order they came, and those who wait for one. */
export class RequestLog {
  /** All requests so far. */
  readonly requests: CloudSimulatorRequest[] = [];
  readonly #changes = new EventTarget();
  readonly #told: (request: CloudSimulatorRequest) => void;

  /**
   * Makes a log without requests.
   *
   * @param told called when a request came in, and again when it ended
   */
  constructor(told: (request: CloudSimulatorRequest) => void = () => {}) {
    this.#told = told;
  }

  /** Notes a request that has come in. */
  came(request: CloudSimulatorRequest): void {
    this.requests.push(request);
    this.#told(request);
    this.changed();
  }

  /** Notes the end of a request; the first end counts. */
  ended(request: CloudSimulatorRequest, outcome: string): void {
    if (request.outcome !== undefined) return;
    request.outcome = outcome;
    this.#told(request);
    this.changed();
  }

  /** Lets those who wait look again. */
  changed(): void {
    this.#changes.dispatchEvent(new Event("change"));
  }

  /** The number of requests so far that `on` names, as in {@link isOn}. */
  count(on?: string): number {
    return this.requests.filter((request) => isOn(on, request)).length;
  }

  /** The `nth` request that `on` names, counted from 1; undefined as long as there is none. */
  nth(on: string, nth: number): CloudSimulatorRequest | undefined {
    return this.requests.filter((request) => isOn(on, request))[nth - 1];
  }

  /** Resolves with what `look` finds, asked now and after each change. */
  until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const check = () => {
        const found = look();
        if (found === undefined) return;
        this.#changes.removeEventListener("change", check);
        resolve(found);
      };
      this.#changes.addEventListener("change", check);
      check();
    });
  }
}
