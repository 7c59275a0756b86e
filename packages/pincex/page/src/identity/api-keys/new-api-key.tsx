import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Segments } from "../../order-entry/order-field.tsx";
import { Card } from "../cards.tsx";
import type { Identity } from "../identity.ts";
import { IdentityForm } from "../identity-form.tsx";
import { ShownOnce } from "../shown-once.tsx";
import type { TextFieldProps } from "../text-field.tsx";
import { type KeyKind, type KeyPermission, KIND_NAMES } from "./api-key-entry.ts";

interface NewApiKeyProps {
  readonly identity: Identity;
  onMade(): Promise<void>;
}

interface MadeKey {
  readonly id: string;
  /** Of HMAC keys alone: of others the exchange knows the public half only. */
  readonly secret?: string;
}

/** Makes a key for a program. */
export const NewApiKey = ({ identity, onMade }: NewApiKeyProps): JSX.Element => {
  const [kind, setKind] = useState<KeyKind>("hmac");
  const [made, setMade] = useState<MadeKey>();
  if (made !== undefined) {
    return (
      <Card title="Your new key">
        <ShownOnce
          title={made.secret === undefined ? "Key" : "Key and secret"}
          hint={made.secret === undefined ? PUBLIC_KEY_HINT : SECRET_HINT}
          secrets={made.secret === undefined ? [made.id] : [made.id, made.secret]}
          file="pincex-api-key.txt"
          onKept={() => setMade(undefined)}
        />
      </Card>
    );
  }
  return (
    <Card title="New API key">
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
        fields={[LABEL, ADDRESSES, ...(kind === "hmac" ? [] : [PUBLIC_KEY])]}
        act={async (typed) => {
          const answer = await identity.ask<MadeKey>("POST", "api-keys", {
            label: typed.text("label").trim(),
            ...(kind === "hmac"
              ? { kind }
              : { kind: "public", publicKey: typed.text("publicKey").trim() }),
            permissions: typed.all("permissions"),
            allowedAddresses: typed
              .text("allowedAddresses")
              .split(/[\s,]+/)
              .filter(Boolean),
          });
          if (!answer.ok) return answer.problem;
          setMade(answer.json);
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
    </Card>
  );
};

const KINDS: readonly (readonly [KeyKind, string])[] = (["hmac", "ed25519", "rsa"] as const).map(
  (kind) => [kind, KIND_NAMES[kind]] as const,
);

const KIND_HINTS: Readonly<Record<KeyKind, string>> = {
  hmac: "The exchange makes a secret and tells it once. All programs can use it.",
  ed25519: "You make the key and show us its public half: nothing here can sign in its name. Fast.",
  rsa: "As Ed25519, for programs that know only RSA; 2,048 bits or more.",
};

const PERMISSIONS = [
  ["read", "Read: balances, orders, fills"],
  ["trade", "Trade: place and cancel orders"],
  ["withdraw", "Withdraw: to addresses of your book"],
] as const satisfies readonly (readonly [KeyPermission, string])[];

const LABEL = { name: "label", label: "Name", placeholder: "My bot" } satisfies TextFieldProps;

const ADDRESSES = {
  name: "allowedAddresses",
  label: "Only from these IP addresses",
  isOptional: true,
  placeholder: "any",
  hint: "Addresses or ranges, such as 203.0.113.7 or 2001:db8::/48.",
} satisfies TextFieldProps;

const PUBLIC_KEY = {
  name: "publicKey",
  label: "Public key",
  type: "several-lines",
  placeholder: "-----BEGIN PUBLIC KEY-----",
  hint: "In PEM. Never show anybody the private one.",
} satisfies TextFieldProps;

const SECRET_HINT = "The secret is shown this one time. Whoever has it can do what the key may do.";
const PUBLIC_KEY_HINT =
  "Your program sends this with each request, and signs with its private key.";
