/**
 * A function that works only when one of its inputs is another than the last time, compared as by
 * `===`; else it gives the same result again. What is looked through at each datagram must not grow
 * with the legion.
 */
export function memo<Inputs extends readonly unknown[], Result>(
  make: (...inputs: Inputs) => Result,
): (...inputs: Inputs) => Result {
  let last: { readonly inputs: Inputs; readonly result: Result } | undefined;
  return (...inputs) => {
    if (last === undefined || inputs.some((input, index) => input !== last?.inputs[index])) {
      last = { inputs, result: make(...inputs) };
    }
    return last.result;
  };
}
