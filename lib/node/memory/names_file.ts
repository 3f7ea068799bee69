import { errorMessage } from "../../base/error_message.ts";
import { readFile } from "../../base/read_file.ts";
import type { KnownAddress, KnownAddresses } from "../../move/known_addresses.ts";
import { replaceFile } from "./_files.ts";
import { Fields, readFields, text } from "./_shape.ts";

// The form of the file. To be raised with each change that an older program would misread.
const version = 1;

/**
 * Takes over the addresses of names that the process before left in the state folder. Whoever wrote
 * the file: behind each address the right certificate is to be seen.
 *
 * @param state the state folder; undefined: none is known
 * @returns the reason why they cannot be used; undefined: they can, or there are none
 */
export function recallNames(
  known: KnownAddresses,
  state: string | undefined,
): string | undefined {
  if (state === undefined) return undefined;
  try {
    Deno.lstatSync(pathIn(state));
  } catch {
    return undefined;
  }
  try {
    known.recall(parseNames(new TextDecoder().decode(readFile(pathIn(state)))));
  } catch (error) {
    return `${pathIn(state)} is not used: ${errorMessage(error)}`;
  }
}

/**
 * Keeps the addresses of names in the state folder from now on. They save time where a name server
 * is dead, and nothing else: without them a node runs as well.
 *
 * @param tell told once, when they cannot be kept
 */
export function keepNames(
  known: KnownAddresses,
  state: string,
  tell: (why: string) => void,
): void {
  let isTold = false;
  known.onChange = (addresses) => {
    try {
      replaceFile(pathIn(state), JSON.stringify({ version, addresses }));
    } catch (error) {
      if (!isTold) tell(`${pathIn(state)} cannot be kept: ${errorMessage(error)}`);
      isTold = true;
    }
  };
}

function parseNames(source: string): KnownAddress[] {
  return readFields(source, version).list("addresses", (value) => {
    const fields = new Fields(value);
    return { name: fields.get("name", text), address: fields.get("address", text) };
  });
}

function pathIn(state: string): string {
  return `${state}/names`;
}
