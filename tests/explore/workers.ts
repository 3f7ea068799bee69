import type { Answer, Task } from "./worker.ts";

/** A worker on each core. */
export class Workers implements Disposable {
  readonly #workers: readonly Worker[];

  constructor() {
    const url = new URL("./worker.ts", import.meta.url);
    const { hardwareConcurrency } = navigator;
    const each = { length: hardwareConcurrency };
    this.#workers = Array.from(each, () => new Worker(url, { type: "module" }));
  }

  /**
   * Has tasks done, in their order, until none is left.
   *
   * @param tasks emptied on the way; emptied by the caller, no further one is begun
   * @param answered called with each answer
   * @throws Error when a worker fails
   */
  async work(tasks: Task[], answered: (answer: Answer) => void): Promise<void> {
    await Promise.all(this.#workers.map(async (worker) => {
      for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
        answered(await ask(worker, task));
      }
    }));
  }

  /** Ends the workers, whatever they do. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

function ask(worker: Worker, task: Task): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`${task.setting}: ${event.message}`));
  };
  worker.postMessage(task);
  return promise;
}
