import { element, setText } from "./element.ts";

export type Theme = "system" | "light" | "dark";

const REMEMBERED = "pincex.theme";
const NEXT: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const ICONS: Readonly<Record<Theme, string>> = { system: "◐", light: "☀", dark: "☾" };

/** Dark, light, or as the system says. The choice is remembered in this browser. */
export class ThemeSwitch {
  readonly #button = element("theme");
  readonly #changed: () => void;
  #theme: Theme = "system";

  /** @param changed told whenever the colours have changed, whoever changed them. */
  constructor(changed: () => void) {
    this.#changed = changed;
    const remembered = localStorage.getItem(REMEMBERED);
    this.#set(remembered === "light" || remembered === "dark" ? remembered : "system");
    this.#button.addEventListener("click", () => {
      this.#set(NEXT[this.#theme]);
      localStorage.setItem(REMEMBERED, this.#theme);
    });
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", changed);
  }

  #set(theme: Theme): void {
    this.#theme = theme;
    document.documentElement.dataset["theme"] = theme;
    setText(this.#button, ICONS[theme]);
    this.#button.ariaLabel = `Colours: ${theme}`;
    this.#button.title = `Colours: ${theme}`;
    this.#changed();
  }
}
