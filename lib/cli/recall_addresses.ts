import { verifiedAddresses } from "../move/known_addresses.ts";
import { directoriesOf } from "../node/memory/directories.ts";
import { recallNames } from "../node/memory/names_file.ts";
import { surroundings } from "./nodes_here.ts";

/** Learns from the node here, once, where the providers were last found, as far as it can be read. */
export function recallAddresses(): void {
  if (isDone) return;
  isDone = true;
  recallNames(verifiedAddresses, directoriesOf(surroundings).state);
}

let isDone = false;
