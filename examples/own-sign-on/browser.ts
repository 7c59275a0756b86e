// Stands for a person at a browser: keeps cookies, follows redirects, fills in forms.

export class Browser {
  readonly #cookies = new Map<string, string>();

  /** Goes to an address and wherever it leads, filling in the sign-on's forms as `user`, until a page answers that has none. */
  async visit(address: string, user: string): Promise<string> {
    let at = new URL(address);
    let response = await this.fetch(at);
    for (;;) {
      const location = response.headers.get("location");
      if (location !== null) {
        at = new URL(location, at);
        response = await this.fetch(at);
        continue;
      }
      const page = await response.text();
      if (!page.includes("<form")) return page;
      const fields: Record<string, string> = page.includes('name="login"')
        ? { prompt: "login", login: user, password: "any" }
        : { prompt: "consent" };
      response = await this.fetch(at, { method: "POST", body: new URLSearchParams(fields) });
    }
  }

  async fetch(url: URL, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, redirect: "manual", headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const equals = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    return response;
  }
}
