import { plainText } from "../base/plain_text.ts";
import type { Asking, Route } from "../move/provider.ts";
import { type ApiReply, askFor, valuesOf } from "./client.ts";
import { type Condition, saysOne } from "./condition.ts";
import { ApiError } from "./errors.ts";
import { findAt } from "./pointer.ts";
import type { ApiSettings } from "./settings.ts";
import { render, UnusableField } from "./template.ts";

/** The state of a switch that goes on after its reply; nothing where none is known. */
export type PollState = Pick<Route, "status" | "failure">;

/** The switch that the last request began, where a poll tells how it goes on. */
export class Poll {
  readonly #settings: ApiSettings;
  #url?: string;

  /** Takes the settings; nothing is asked yet. */
  constructor(settings: ApiSettings) {
    this.#settings = settings;
  }

  /**
   * Takes note of the reply to a request for a switch.
   *
   * @returns whether a poll tells how it goes on
   * @throws ApiError where the reply lacks a field that the poll's URL needs
   */
  began({ json }: ApiReply): boolean {
    const { poll, here } = this.#settings;
    this.#url = undefined;
    if (poll === undefined) return false;
    try {
      this.#url = render(poll.url, valuesOf(this.#settings, here), json);
    } catch (error) {
      if (!(error instanceof UnusableField)) throw error;
      throw noField(error.message);
    }
    return true;
  }

  /**
   * Asks how the switch goes on. Its end is told once: `ready`, or the reason of its failure.
   *
   * @throws MoveError when no readable answer comes
   * @throws the signal's reason when it is aborted
   */
  async state(asking: Asking): Promise<PollState> {
    const { poll } = this.#settings;
    if (this.#url === undefined || poll === undefined) return {};
    const reply = await this.#reply(this.#url, asking);
    if (saysOne(reply, poll.failed)) {
      this.#url = undefined;
      const said = pointersOf(poll.failed).map((pointer) => toldAt(reply, pointer)).join(", ");
      const message = `the switch has failed: ${said || `status ${reply.status}`}`;
      return { status: "ready", failure: { code: "POLL_FAILED", message } };
    }
    if (saysOne(reply, poll.done)) {
      this.#url = undefined;
      return { status: "ready" };
    }
    const pointers = pointersOf([...poll.done, ...poll.failed]);
    const isTold = pointers.length === 0 ||
      pointers.some((pointer) => findAt(reply.json, pointer) !== undefined);
    if (!isTold) throw noField(`the poll's reply has no field ${pointers.join(" or ")}`);
    return { status: "processing" };
  }

  async #reply(url: string, asking: Asking): Promise<ApiReply> {
    try {
      return await askFor(this.#settings, url, asking);
    } catch (error) {
      // A switch that the API knows no more has ended: a look tells how.
      if (error instanceof ApiError && /^HTTP_4(04|10)$/.test(error.code)) this.#url = undefined;
      throw error;
    }
  }
}

function pointersOf(conditions: readonly Condition[]): string[] {
  return [...new Set(conditions.flatMap(({ pointer }) => pointer ?? []))];
}

function toldAt({ json, clean }: ApiReply, pointer: string): string {
  const found = findAt(json, pointer);
  return `${pointer} is ${plainText(clean(JSON.stringify(found?.value ?? null)), 80)}`;
}

function noField(message: string): ApiError {
  return new ApiError({ kind: "unreadable", code: "NO_FIELD", meaning: "unknown", message });
}
