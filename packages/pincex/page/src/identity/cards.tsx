import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface CardProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** What somebody sees who is not signed in: one thing at a time, in the middle. */
export const SignedOutCard = ({ title, children }: CardProps): JSX.Element => (
  <section class="card alone">
    <h1>{title}</h1>
    {children}
  </section>
);

/** One matter among others of the account. */
export const Card = ({ title, children }: CardProps): JSX.Element => {
  const id = useId();
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
};
