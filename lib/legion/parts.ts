import { Ballot } from "./ballot.ts";
import { Outbox } from "./effects.ts";
import { HookQueue } from "./hook_queue.ts";
import { Identity } from "./identity.ts";
import { Life } from "./life.ts";
import { Lordship } from "./lordship.ts";
import { NoteTaker } from "./note_taker.ts";
import type { LegionOptions } from "./options.ts";
import { Outlook } from "./outlook.ts";
import { Roll } from "./roll.ts";
import { Speaker } from "./speaker.ts";
import { Standing } from "./standing.ts";

/** The parts of a node in its legion, each of which knows one thing. */
export interface Parts {
  /** Takes the effects of a step. */
  readonly out: Outbox;
  /** The hooks that wait, and those that run. */
  readonly hooks: HookQueue;
  /** The lordship of this node. */
  readonly lordship: Lordship;
  /** The roll of the legion, with all other nodes that are heard. */
  readonly roll: Roll;
  /** The legion as this node sees it. */
  readonly outlook: Outlook;
  /** The election, and this node's vote and support. */
  readonly ballot: Ballot;
  /** The voice of this node. */
  readonly speaker: Speaker;
  /** The reasons for which this node stands back. */
  readonly standing: Standing;
  /** Takes notes for the next process of this node. */
  readonly noteTaker: NoteTaker;
  /** The valor and the uuid by which this node is known. */
  readonly identity: Identity;
  /** The phases of this node's life. */
  readonly life: Life;
}

/**
 * Makes the parts of a node, and joins those that go by others. None has begun.
 *
 * @param options the options at the start; the first uuid of `newUuid` is taken
 */
export function partsOf(options: LegionOptions): Parts {
  const { name, valor } = options;
  const self = { valor, name, uuid: options.newUuid() };
  const out = new Outbox();
  const hooks = new HookQueue();
  const standing = new Standing(options);
  const lordship = new Lordship(hooks, out, name);
  const roll = new Roll(options, {
    out,
    // After the death hooks no others begin.
    noticed: (event, node) => life.isStopping || hooks.add({ event, node }),
  });
  const { members } = roll;
  const outlook = new Outlook(self, { options, members, lordship, out });
  const ballot = new Ballot(self, {
    options,
    outlook,
    lordship,
    out,
    firstElection: () => hooks.add({ event: "join", node: name }),
    lostQuorum: (nowMs) => standing.lostQuorum(nowMs),
  });
  const speaker = new Speaker(self, options, { members, lordship, ballot, outlook });
  const noteTaker = new NoteTaker({ ballot, outlook, lordship, speaker, standing });
  const parts = { out, hooks, lordship, roll, outlook, ballot, speaker, standing, noteTaker };
  const identity = new Identity(self, options, parts);
  const life = new Life(name, parts);
  return { ...parts, identity, life };
}
