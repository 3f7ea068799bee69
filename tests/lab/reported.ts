/** Collects the errors that nothing handles, as a node does; else these end the tests. */
export class Reported implements Disposable {
  /** The messages of the errors so far. */
  readonly messages: string[] = [];
  readonly #take = (event: ErrorEvent) => {
    event.preventDefault();
    this.messages.push(event.error.message);
  };

  constructor() {
    globalThis.addEventListener("error", this.#take);
  }

  [Symbol.dispose](): void {
    globalThis.removeEventListener("error", this.#take);
  }
}
