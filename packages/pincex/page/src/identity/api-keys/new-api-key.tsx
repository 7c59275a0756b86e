import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Segments } from "../../order-entry/order-field.tsx";
import { Card } from "../cards.tsx";
import { IdentityForm, type Typed } from "../identity-form.tsx";
import { codeFields, shownFactor } from "../shown-factor.ts";
import { ShownOnce } from "../shown-once.tsx";
import type { SignedIn } from "../signed-in.ts";
import type { TextFieldProps } from "../text-field.tsx";
import type { KeyPermission } from "./api-key-entry.ts";

interface NewApiKeyProps extends SignedIn {
  onMade(): Promise<void>;
}

interface MadeKey {
  readonly apiKey: string;
  /** Of HMAC keys alone: of others the exchange knows the public half only. */
  readonly secret?: string;
}

/** Makes a key for a program. A second factor confirms it: a key acts for its owner without being asked for one. */
export const NewApiKey = (props: NewApiKeyProps): JSX.Element => {
  const [made, setMade] = useState<MadeKey>();
  const { factors } = props.person;
  if (made !== undefined) {
    const { apiKey, secret } = made;
    return (
      <Card title="Your new key">
        <ShownOnce
          title={secret === undefined ? "Key" : "Key and secret"}
          hint={secret === undefined ? PUBLIC_KEY_HINT : SECRET_HINT}
          secrets={secret === undefined ? [apiKey] : [apiKey, secret]}
          file="pincex-api-key.txt"
          onKept={() => setMade(undefined)}
        />
      </Card>
    );
  }
  return (
    <Card title="New API key">
      {factors.length === 0 ? (
        <p>
          A second factor confirms each new key: <a href="#security">set one up first</a>.
        </p>
      ) : (
        <Wish {...props} onAnswer={setMade} />
      )}
    </Card>
  );
};

const Wish = ({
  identity,
  person: { factors },
  onMade,
  onAnswer,
}: NewApiKeyProps & { onAnswer(made: MadeKey): void }): JSX.Element => {
  const [kind, setKind] = useState<Kind>("hmac");
  return (
    <>
      <div class="kinds">
        <Segments
          name="kind"
          label="Kind of key"
          value={kind}
          choices={KINDS}
          onChoose={(chosen) => setKind(chosen)}
        />
        <p class="hint">{KIND_HINTS[kind]}</p>
      </div>
      <IdentityForm
        label="New API key"
        button="Make the key"
        fields={[
          LABEL,
          NETWORKS,
          ...(kind === "public" ? [PUBLIC_KEY] : []),
          ...codeFields(factors),
        ]}
        act={async (typed) => {
          const wish = wishOf(kind, typed);
          const question = { path: "api-keys/passkey", body: wish };
          const proof = await shownFactor(identity, factors, typed, question);
          if (!proof.ok) return proof.problem;
          const body = { ...wish, ...proof.json };
          const answer = await identity.ask<MadeKey>("POST", "api-keys", body);
          if (!answer.ok) return answer.problem;
          onAnswer(answer.json);
          await onMade();
          return undefined;
        }}
      >
        <fieldset class="permissions">
          <legend>What it may do</legend>
          {PERMISSIONS.map(([permission, words]) => (
            <label key={permission} class="flag">
              <input
                type="checkbox"
                name="permissions"
                value={permission}
                defaultChecked={permission !== "withdraw"}
              />
              {words}
            </label>
          ))}
        </fieldset>
      </IdentityForm>
    </>
  );
};

type Kind = "hmac" | "public";

const wishOf = (kind: Kind, typed: Typed): object => ({
  label: typed.text("label").trim(),
  permissions: typed.all("permissions"),
  networks: typed
    .text("networks")
    .split(/[\s,]+/)
    .filter(Boolean),
  ...(kind === "public" ? { publicKey: typed.text("publicKey").trim() } : {}),
});

const KINDS: readonly (readonly [Kind, string])[] = [
  ["hmac", "HMAC"],
  ["public", "Ed25519 or RSA"],
];

const KIND_HINTS: Readonly<Record<Kind, string>> = {
  hmac: "The exchange makes a secret and tells it once. All programs can use it.",
  public:
    "You make the key and show us its public half: nothing that is kept here can sign in its name.",
};

const PERMISSIONS = [
  ["read", "Read: balances, orders, fills"],
  ["trade", "Trade: place and cancel orders"],
  ["withdraw", "Withdraw: to addresses of your book"],
] as const satisfies readonly (readonly [KeyPermission, string])[];

const LABEL = { name: "label", label: "Name", placeholder: "My bot" } satisfies TextFieldProps;

const NETWORKS = {
  name: "networks",
  label: "Only from these IP addresses",
  isOptional: true,
  placeholder: "any",
  hint: "Addresses or networks, such as 203.0.113.7 or 2001:db8::/48.",
} satisfies TextFieldProps;

const PUBLIC_KEY = {
  name: "publicKey",
  label: "Public key",
  type: "several-lines",
  placeholder: "-----BEGIN PUBLIC KEY-----",
  hint: "In PEM: Ed25519, or RSA of 2,048 bits or more. Never show anybody the private one.",
} satisfies TextFieldProps;

const SECRET_HINT = "The secret is shown this one time. Whoever has it can do what the key may do.";
const PUBLIC_KEY_HINT =
  "Your program sends this with each request, and signs with its private key.";
