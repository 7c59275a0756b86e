import { randomBytes } from "node:crypto";
import type { KeyManagement } from "../keys/key-management.ts";
import { freshNonce, KEY_BYTES } from "../keys/sealed-bytes.ts";
import { randomId } from "../random-id.ts";
import type { Pkcs11Library, Pkcs11Module } from "./pkcs11-module.ts";

/** Where the keys are. */
export interface Pkcs11Options {
  /** The `pkcs11js` module. */
  readonly pkcs11: Pkcs11Module;
  /** The path of the maker's library, as `/usr/lib/softhsm/libsofthsm2.so`. */
  readonly library: string;
  /** The label of the token. */
  readonly token: string;
  /** The PIN of the token's user. */
  readonly pin: string;
  /** What our keys on it are called, up to a slash and a number: letters, digits and hyphens; `pincex-identity` unless told otherwise. */
  readonly name?: string;
}

/** Key management by a hardware module: the keys are made in it and never leave it. */
export interface Pkcs11KeyManagement extends KeyManagement {
  /** Makes a key and makes it the current one, for every process. Answers its id. */
  rotate(): Promise<string>;
  /** Destroys an older key for good. Throws a `RangeError` for the current one or an unknown one. */
  retire(keyId: string): Promise<void>;
  /** Logs out and lets go of the library. */
  close(): void;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keys in whatever speaks PKCS#11: AES-256, not extractable, used by AES-GCM. A first key is made if the token has none of ours.
 *
 * A process opens a library once. Calls are made one after the other and block for as long as the module takes; data keys are kept open in
 * memory, so it is asked once for each user and process. Throws for an unknown token or a wrong PIN.
 *
 * @example
 * import pkcs11 from "pkcs11js";
 * const keys = pkcs11KeyManagement({ pkcs11, library: "/usr/lib/softhsm/libsofthsm2.so", token: "venue", pin });
 */
export const pkcs11KeyManagement = ({
  pkcs11,
  library,
  token,
  pin,
  name = "pincex-identity",
}: Pkcs11Options): Pkcs11KeyManagement => {
  if (!/^[A-Za-z0-9-]{1,40}$/.test(name)) throw new RangeError(`expected a name, was ${name}`);
  const module = new pkcs11.PKCS11();
  module.load(library);
  module.C_Initialize();
  try {
    const session = logIn(pkcs11, module, token, pin);
    const keys = new TokenKeys(pkcs11, module, session, name);
    if (keys.labels().length === 0) keys.make();
    return {
      currentKeyId: async () => keys.current(),
      wrap: async (key, context) => keys.wrap(key, context),
      unwrap: async ({ keyId, blob }, context) => keys.unwrap(keyId, blob, context),
      rotate: async () => keys.make(),
      retire: async (keyId) => keys.destroy(keyId),
      close() {
        module.C_Logout(session);
        module.C_CloseSession(session);
        letGo(module);
      },
    };
  } catch (error) {
    letGo(module);
    throw error;
  }
};

const letGo = (module: Pkcs11Library): void => {
  module.C_Finalize();
  module.close();
};

const logIn = (pkcs11: Pkcs11Module, module: Pkcs11Library, token: string, pin: string): Buffer => {
  const slot = module
    .C_GetSlotList(true)
    .find((candidate) => textOf(module.C_GetTokenInfo(candidate).label) === token);
  if (slot === undefined) throw new RangeError(`expected a token called ${token}`);
  const session = module.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION | pkcs11.CKF_RW_SESSION);
  module.C_Login(session, pkcs11.CKU_USER, pin);
  return session;
};

/** Labels of tokens are padded with blanks. */
const textOf = (label: string): string => label.replace(/[ \0]+$/, "");

/** Our keys on one token. Their labels are their ids; the last in order is the current one. */
class TokenKeys {
  readonly #pkcs11: Pkcs11Module;
  readonly #module: Pkcs11Library;
  readonly #session: Buffer;
  readonly #name: string;

  constructor(pkcs11: Pkcs11Module, module: Pkcs11Library, session: Buffer, name: string) {
    this.#pkcs11 = pkcs11;
    this.#module = module;
    this.#session = session;
    this.#name = name;
  }

  /** In order, so that other processes' keys are seen too. */
  labels(): readonly string[] {
    const labels = this.#find([]).map((key) => this.#labelOf(key));
    return labels.filter((label) => label.startsWith(`${this.#name}/`)).sort();
  }

  current(): string {
    const last = this.labels().at(-1);
    if (last === undefined) throw new Error(`the token has no key called ${this.#name} any more`);
    return last;
  }

  /** A number to order by, then something random: two that are made at once are two keys. */
  make(): string {
    const pkcs11 = this.#pkcs11;
    const last = this.labels().at(-1);
    const number = Number(last?.slice(this.#name.length + 1).split("-")[0] ?? 0) + 1;
    const label = `${this.#name}/${String(number).padStart(6, "0")}-${randomId("key", randomBytes)}`;
    this.#module.C_GenerateKey(this.#session, { mechanism: pkcs11.CKM_AES_KEY_GEN }, [
      { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_SECRET_KEY },
      { type: pkcs11.CKA_KEY_TYPE, value: pkcs11.CKK_AES },
      { type: pkcs11.CKA_VALUE_LEN, value: KEY_BYTES },
      { type: pkcs11.CKA_LABEL, value: label },
      { type: pkcs11.CKA_TOKEN, value: true },
      { type: pkcs11.CKA_PRIVATE, value: true },
      { type: pkcs11.CKA_SENSITIVE, value: true },
      { type: pkcs11.CKA_EXTRACTABLE, value: false },
      { type: pkcs11.CKA_MODIFIABLE, value: false },
      { type: pkcs11.CKA_ENCRYPT, value: true },
      { type: pkcs11.CKA_DECRYPT, value: true },
    ]);
    return label;
  }

  destroy(keyId: string): void {
    if (keyId === this.current())
      throw new RangeError(`expected an older key, ${keyId} is current`);
    this.#module.C_DestroyObject(this.#session, this.#key(keyId));
  }

  wrap(key: Uint8Array, context: Uint8Array): { keyId: string; blob: Uint8Array } {
    const keyId = this.current();
    const nonce = Buffer.from(freshNonce(randomBytes));
    this.#module.C_EncryptInit(this.#session, this.#gcm(nonce, context), this.#key(keyId));
    const room = Buffer.alloc(key.length + TAG_BYTES);
    const sealed = this.#module.C_Encrypt(this.#session, Buffer.from(key), room);
    return { keyId, blob: Buffer.concat([nonce, sealed]) };
  }

  unwrap(keyId: string, blob: Uint8Array, context: Uint8Array): Uint8Array {
    if (blob.length < NONCE_BYTES + TAG_BYTES) throw new Error("the wrapped key is cut short");
    const nonce = Buffer.from(blob.subarray(0, NONCE_BYTES));
    const sealed = Buffer.from(blob.subarray(NONCE_BYTES));
    this.#module.C_DecryptInit(this.#session, this.#gcm(nonce, context), this.#key(keyId));
    return this.#module.C_Decrypt(this.#session, sealed, Buffer.alloc(sealed.length));
  }

  #gcm(iv: Buffer, context: Uint8Array) {
    const type = this.#pkcs11.CK_PARAMS_AES_GCM;
    const sizes = { ivBits: NONCE_BYTES * 8, tagBits: TAG_BYTES * 8 };
    const parameter = { type, iv, aad: Buffer.from(context), ...sizes };
    return { mechanism: this.#pkcs11.CKM_AES_GCM, parameter };
  }

  #key(keyId: string): Buffer {
    const isOurs = keyId.startsWith(`${this.#name}/`);
    const [key] = isOurs ? this.#find([{ type: this.#pkcs11.CKA_LABEL, value: keyId }]) : [];
    if (key === undefined) throw new RangeError(`expected a key of the token, was ${keyId}`);
    return key;
  }

  #find(more: { readonly type: number; readonly value: string }[]): Buffer[] {
    const secretKeys = { type: this.#pkcs11.CKA_CLASS, value: this.#pkcs11.CKO_SECRET_KEY };
    this.#module.C_FindObjectsInit(this.#session, [secretKeys, ...more]);
    try {
      const found: Buffer[] = [];
      for (;;) {
        const page = this.#module.C_FindObjects(this.#session, 100);
        if (page.length === 0) return found;
        found.push(...page);
      }
    } finally {
      this.#module.C_FindObjectsFinal(this.#session);
    }
  }

  #labelOf(key: Buffer): string {
    const label = { type: this.#pkcs11.CKA_LABEL };
    const [value] = this.#module.C_GetAttributeValue(this.#session, key, [label]);
    return value?.value.toString("utf8") ?? "";
  }
}
