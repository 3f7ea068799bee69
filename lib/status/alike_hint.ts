/** The end of a trouble's words where all other listed nodes have it too (`NodeTrouble.why`). */
export const alikeHint = " (as with all others: look at this node first)";
