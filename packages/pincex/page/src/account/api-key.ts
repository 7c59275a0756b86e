/** A key that somebody pasted to sign in with. */
export interface ApiKey {
  readonly name: string;
  readonly apiKey: string;
  readonly secret: string;
}

const REMEMBERED = "pincex.key";

// In the tab's own storage: it survives a reload, is gone with the tab, and no other tab or origin reads it.

export const rememberedKey = (): ApiKey | undefined => {
  try {
    const parsed: unknown = JSON.parse(sessionStorage.getItem(REMEMBERED) ?? "null");
    return isApiKey(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
};

export const rememberKey = (key: ApiKey): void =>
  sessionStorage.setItem(REMEMBERED, JSON.stringify(key));

export const forgetKey = (): void => sessionStorage.removeItem(REMEMBERED);

const isApiKey = (value: unknown): value is ApiKey =>
  typeof value === "object" &&
  value !== null &&
  ["name", "apiKey", "secret"].every(
    (field) => typeof (value as Record<string, unknown>)[field] === "string",
  );
