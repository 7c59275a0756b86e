import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Changing, useChanges } from "../changes.ts";
import { accountAddress } from "../identity/way-back.ts";
import type { Account } from "./account.ts";
import { fetchDemoAccounts } from "./demo-accounts.ts";
import { type Problem, problemText } from "./problem.ts";
import { canSign } from "./signer.ts";

/** Whether somebody is being asked who they are. */
export class SignInDialog extends Changing {
  #isOpen = false;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  set isOpen(isOpen: boolean) {
    this.#isOpen = isOpen;
    this.changed();
  }
}

interface AccountMenuProps {
  readonly account: Account;
  readonly dialog: SignInDialog;
}

/** Who is signed in, or the way to sign in. */
export const AccountMenu = ({ account, dialog }: AccountMenuProps): JSX.Element => {
  useChanges(account, dialog);
  const open = (isOpen: boolean): void => {
    dialog.isOpen = isOpen;
  };
  return (
    <>
      {account.name === undefined ? (
        <button type="button" class="sign-in" onClick={() => open(true)}>
          Sign in
        </button>
      ) : (
        <div class="who">
          <span class="name" data-state={account.state} title={STATES[account.state]}>
            {account.isPerson ? (
              <a href={accountAddress("security")} aria-label={`${account.name}: your account`}>
                {account.name}
              </a>
            ) : (
              account.name
            )}
          </span>
          <button type="button" class="quiet" onClick={() => void account.signOut()}>
            Sign out
          </button>
        </div>
      )}
      {dialog.isOpen && <SignIn account={account} onDone={() => open(false)} />}
    </>
  );
};

const STATES = {
  signed_out: "Signed out",
  connecting: "Connecting",
  live: "Orders, fills and balances are live",
  lost: "The connection is lost, another one is being tried",
};

interface SignInProps {
  readonly account: Account;
  onDone(): void;
}

const SignIn = ({ account, onDone }: SignInProps): JSX.Element => {
  const dialog = useRef<HTMLDialogElement>(null);
  const [demo, setDemo] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState("");
  const title = useId();
  useEffect(() => {
    dialog.current?.showModal();
    void fetchDemoAccounts().then(setDemo);
  }, []);
  const finish = async (signingIn: Promise<Problem | undefined>): Promise<void> => {
    const refused = await signingIn;
    if (refused === undefined) onDone();
    else setProblem(problemText(refused));
  };
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby={title} onClose={onDone}>
      <div class="dialog-head">
        <h2 id={title}>Sign in</h2>
        <button type="button" class="quiet" onClick={onDone} aria-label="Close">
          ✕
        </button>
      </div>
      {!canSign() && (
        <p class="problem">
          Browsers sign requests only over https and on localhost: open this page there.
        </p>
      )}
      <div class="own-account">
        <a class="primary" href={accountAddress("sign-in")}>
          Sign in with e-mail or passkey
        </a>
        <a href={accountAddress("sign-up")}>Sign up</a>
      </div>
      {demo.length > 0 && (
        <section>
          <p class="hint">Or as a demo account, with money that is not real:</p>
          <div class="demo-accounts">
            {demo.map((name) => (
              <button
                key={name}
                type="button"
                onClick={() => void finish(account.signInAsDemo(name))}
              >
                <span class="avatar" aria-hidden="true">
                  {name.slice(0, 1).toUpperCase()}
                </span>
                {name}
              </button>
            ))}
          </div>
        </section>
      )}
      <KeyForm onKey={(apiKey, secret) => void finish(account.signIn(apiKey, secret))} />
      {problem !== "" && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </dialog>
  );
};

const KeyForm = ({ onKey }: { onKey(apiKey: string, secret: string): void }): JSX.Element => {
  const [key, secret] = [useId(), useId()];
  return (
    <form
      class="key-form"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = new FormData(event.currentTarget);
        onKey(String(typed.get("apiKey")).trim(), String(typed.get("secret")).trim());
      }}
    >
      <p class="hint">Or with an API key. It stays in this tab, and is gone when you close it.</p>
      <div class="field">
        <label for={key}>API key</label>
        <div class="box">
          <input id={key} name="apiKey" required autocomplete="off" spellcheck={false} />
        </div>
      </div>
      <div class="field">
        <label for={secret}>Secret</label>
        <div class="box">
          <input id={secret} name="secret" type="password" required autocomplete="off" />
        </div>
      </div>
      <button type="submit" class="primary">
        Sign in with this key
      </button>
    </form>
  );
};
