import { useCallback, useEffect, useState } from "preact/hooks";
import type { Identity } from "./identity.ts";
import { refusalText } from "./refusal-text.ts";

interface List<Item> {
  readonly items: readonly Item[];
  /** Why it can't be shown. */
  readonly problem: string | undefined;
  /** Reads it again. */
  read(): Promise<void>;
}

/** What the exchange lists at a path, under a name: read when it is first shown. */
export const useList = <Item, Name extends string>(
  identity: Identity,
  path: string,
  name: Name,
): List<Item> => {
  const [items, setItems] = useState<readonly Item[]>([]);
  const [problem, setProblem] = useState<string>();
  const read = useCallback(async () => {
    const answer = await identity.ask<Record<Name, readonly Item[]>>("GET", path);
    if (answer.ok) setItems(answer.json[name]);
    setProblem(answer.ok ? undefined : refusalText(answer.problem));
  }, [identity, path, name]);
  useEffect(() => void read(), [read]);
  return { items, problem, read };
};
