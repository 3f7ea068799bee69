/** A listener to which a test sends clients, and errors, by hand. */
export class HandListener {
  readonly #coming: (Deno.Conn | Error)[] = [];
  #closed = false;
  #waiting?: PromiseWithResolvers<Deno.Conn>;
  #allTaken = Promise.withResolvers<void>();

  /** Lets some come; resolves when all are taken, and the next one is waited for. */
  async come(...some: readonly (Deno.Conn | Error)[]): Promise<void> {
    this.#coming.push(...some);
    this.#allTaken = Promise.withResolvers();
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      this.#waiting = undefined;
      this.accept().then(waiting.resolve, waiting.reject);
    }
    await this.#allTaken.promise;
  }

  accept(): Promise<Deno.Conn> {
    if (this.#closed) return Promise.reject(new Deno.errors.BadResource());
    const next = this.#next();
    if (next !== undefined) return next;
    this.#allTaken.resolve();
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  close(): void {
    this.#closed = true;
    this.#waiting?.reject(new Deno.errors.BadResource());
  }

  #next(): Promise<Deno.Conn> | undefined {
    const next = this.#coming.shift();
    return next instanceof Error ? Promise.reject(next) : next && Promise.resolve(next);
  }
}

/** An error of the operating system's. */
export function failure(code: string): Error {
  return Object.assign(new Error(`it says ${code}`), { code });
}
