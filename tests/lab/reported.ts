/** Hears of the errors that nothing handles, as a node does; without it they end the tests. */
export class Reported implements Disposable {
  /** Their messages. */
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
