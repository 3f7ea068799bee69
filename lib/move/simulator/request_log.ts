/** A request that came in, without its credentials. */
export interface LoggedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The path from the API's base on. */
  readonly path: string;
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
  request: Pick<LoggedRequest, "method" | "path">,
): boolean {
  const [method, part = ""] = (on ?? request.method).split(" ");
  return method === request.method && request.path.includes(part);
}

/** The requests to a simulator, in the order they came, and those who wait for one. */
export class RequestLog<Request extends LoggedRequest> {
  /** All requests so far. */
  readonly requests: Request[] = [];
  readonly #changes = new EventTarget();
  readonly #told: (request: Request) => void;

  /**
   * Makes a log without requests.
   *
   * @param told called when a request came in, and again when it ended
   */
  constructor(told: (request: Request) => void = () => {}) {
    this.#told = told;
  }

  /** Notes a request that has come in; the returned function notes its end, and the first counts. */
  came(request: Request): (outcome: string) => void {
    this.requests.push(request);
    this.#tell(request);
    return (outcome) => {
      if (request.outcome !== undefined) return;
      request.outcome = outcome;
      this.#tell(request);
    };
  }

  /** Lets those who wait look again. */
  changed(): void {
    this.#changes.dispatchEvent(new Event("change"));
  }

  /** The number of requests so far that `on` names, as in {@link isOn}. */
  count(on?: string): number {
    return this.requests.filter((request) => isOn(on, request)).length;
  }

  /** Resolves when the `nth` request that `on` names has come, counted from 1 since the start. */
  arrived(on: string, nth = 1): Promise<Request> {
    return this.until(() => this.#nth(on, nth));
  }

  /** Resolves when the `nth` such request has ended, and so has an outcome. */
  ended(on: string, nth = 1): Promise<Request> {
    return this.until(() => {
      const request = this.#nth(on, nth);
      return request?.outcome === undefined ? undefined : request;
    });
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

  #nth(on: string, nth: number): Request | undefined {
    return this.requests.filter((request) => isOn(on, request))[nth - 1];
  }

  #tell(request: Request): void {
    this.#told(request);
    this.changed();
  }
}
