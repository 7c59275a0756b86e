import { Changing } from "../changes.ts";
import { askIdentity, type IdentityAnswer, type IdentityMethod } from "./identity-request.ts";
import { fetchPerson, mayBeSignedIn, noteSignedIn, type Person } from "./person.ts";
import { Reauthentication } from "./reauthentication.ts";

/** Whoever is signed in with this browser, and all that is asked in their name. */
export class Identity extends Changing {
  readonly reauthentication = new Reauthentication();
  #person: Person | undefined;
  #isKnown = false;

  constructor() {
    super();
    if (mayBeSignedIn()) void this.refresh();
    else this.#isKnown = true;
  }

  get person(): Person | undefined {
    return this.#person;
  }

  /** Whether the exchange was asked yet if somebody is signed in. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Asks; where it must be proved again who is asking, has it proved, and asks once more. */
  async ask<Json>(
    method: IdentityMethod,
    path: string,
    body?: object,
  ): Promise<IdentityAnswer<Json>> {
    const answer = await askIdentity<Json>(method, path, body);
    if (answer.ok) return answer;
    const { code, factors } = answer.problem;
    if (code === "session_invalid") this.#set(undefined);
    if (code !== "reauthentication_needed") return answer;
    return (await this.reauthentication.ask(factors ?? [])) ? this.ask(method, path, body) : answer;
  }

  /** Asks for something that changes the account: what is shown of it is read again. */
  async change<Json>(
    method: "POST" | "DELETE",
    path: string,
    body?: object,
  ): Promise<IdentityAnswer<Json>> {
    const answer = await this.ask<Json>(method, path, body);
    if (answer.ok) await this.refresh();
    return answer;
  }

  /**
   * Asks for something that ends the session.
   *
   * @param path "sign-out" or "freeze"
   */
  async leave(path: string): Promise<IdentityAnswer> {
    const answer = await this.ask("POST", path);
    if (answer.ok) this.#set(undefined);
    return answer;
  }

  /** Reads who is signed in. An exchange that does not answer changes nothing. */
  async refresh(): Promise<void> {
    const answer = await fetchPerson();
    if (answer.ok) this.#set(answer.json);
    else if (answer.problem.code === "session_invalid") this.#set(undefined);
    this.#isKnown = true;
    this.changed();
  }

  #set(person: Person | undefined): void {
    this.#person = person;
    noteSignedIn(person !== undefined);
    this.changed();
  }
}
