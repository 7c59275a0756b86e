import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface ShownOnceProps {
  readonly title: string;
  readonly hint: string;
  /** One a line. */
  readonly secrets: readonly string[];
  /** What the file is called that they are kept in. */
  readonly file: string;
  onKept(): void;
}

/** Secrets that the exchange tells once: to copy, or to keep in a file. */
export const ShownOnce = ({ title, hint, secrets, file, onKept }: ShownOnceProps): JSX.Element => {
  const [isCopied, setCopied] = useState(false);
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), []);
  const text = `${secrets.join("\n")}\n`;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <section class="shown-once" ref={section} tabIndex={-1} aria-label={title}>
      <h3>{title}</h3>
      <p class="hint">{hint}</p>
      <ul class={secrets.length > 2 ? "secrets many" : "secrets"}>
        {secrets.map((secret) => (
          <li key={secret}>
            <code>{secret}</code>
          </li>
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="plain" onClick={() => void copy()}>
          {isCopied ? "Copied" : "Copy"}
        </button>
        <a
          class="plain"
          download={file}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
        >
          Download
        </a>
        <button type="button" class="primary" onClick={onKept}>
          I have kept them
        </button>
      </div>
    </section>
  );
};
