import type { FamilyName } from "./families.ts";
import type { RuleName } from "./scenario.ts";
import type { Outcome } from "./simulate.ts";
import type { Batch } from "./worker.ts";

// Seeds a batch: enough that handing it over costs nothing, few enough that no core waits long.
const batchSize = 25;

/** The seeds to simulate. */
export interface Seeds {
  /** The first seed. */
  readonly from: number;
  /** The number of seeds. */
  readonly count: number;
  /** The rule of all nodes. */
  readonly rule: RuleName;
  /** The family of all days; undefined: one after the other. */
  readonly family?: FamilyName;
}

/**
 * Simulates many seeds, on all cores.
 *
 * @param done called with the outcome of each seed, in any order
 * @throws Error when a worker fails
 */
export async function runSeeds(seeds: Seeds, done: (outcome: Outcome) => void): Promise<void> {
  const batches = batchesOf(seeds);
  const count = Math.min(navigator.hardwareConcurrency, batches.length);
  await Promise.all(Array.from({ length: count }, () => work(batches, done)));
}

function batchesOf({ from, count, ...choice }: Seeds): Batch[] {
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, i) => ({
    from: from + i * batchSize,
    count: Math.min(batchSize, count - i * batchSize),
    ...choice,
  }));
}

/** Keeps one core at work: simulates one batch after another in a worker. */
async function work(batches: Batch[], done: (outcome: Outcome) => void): Promise<void> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  try {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      (await ask(worker, batch)).forEach(done);
    }
  } finally {
    worker.terminate();
  }
}

function ask(worker: Worker, batch: Batch): Promise<Outcome[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome[]>();
  worker.onmessage = ({ data }: MessageEvent<Outcome[]>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`seeds from ${batch.from}: ${event.message}`));
  };
  worker.postMessage(batch);
  return promise;
}
