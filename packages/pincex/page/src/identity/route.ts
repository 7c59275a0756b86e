import { Changing } from "../changes.ts";

const SCREENS = [
  "sign-in",
  "sign-up",
  "forgotten",
  "register",
  "reset",
  "contact",
  "thaw",
  "security",
  "sessions",
  "api-keys",
] as const;

export type Screen = (typeof SCREENS)[number];

const isScreen = (text: string): text is Screen => (SCREENS as readonly string[]).includes(text);

/** Which screen the address asks for: `#security`, or `#register=TOKEN` as mails have it. */
export class Route extends Changing {
  #screen: Screen = "security";
  #token = "";

  constructor() {
    super();
    this.#read();
    window.addEventListener("hashchange", () => {
      this.#read();
      this.changed();
    });
  }

  get screen(): Screen {
    return this.#screen;
  }

  /** What a mail's link proves; empty of other screens. */
  get token(): string {
    return this.#token;
  }

  go(screen: Screen): void {
    location.hash = screen;
  }

  #read(): void {
    const [name = "", token = ""] = location.hash.slice(1).split("=", 2);
    this.#screen = isScreen(name) ? name : "security";
    this.#token = token;
    // A token in the address would stay in the browser's history.
    if (token !== "") history.replaceState(null, "", `#${name}`);
  }
}
