/**
 * Makes a function that computes only when an input differs, by `===`, from the last call's, and
 * else returns the last result. Used for what each datagram needs, which must not cost more in a
 * larger legion.
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
