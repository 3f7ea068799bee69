/** The end of the last change of each account's lists. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Runs the changes of one account's lists one after the other, since each reads a list, and writes it
 * back.
 *
 * @throws the error of `change`
 */
export async function inTurn<T>(account: string, change: () => Promise<T>): Promise<T> {
  const before = turns.get(account) ?? Promise.resolve();
  const run = before.then(change);
  const end = run.catch(() => {}).finally(() => {
    if (turns.get(account) === end) turns.delete(account);
  });
  turns.set(account, end);
  return await run;
}
