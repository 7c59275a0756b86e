import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { isoCBOR } from "@simplewebauthn/server/helpers";

/** What an authenticator or its browser may do otherwise than it should. */
export interface Misbehaviour {
  readonly origin?: string;
  readonly relyingParty?: string;
  readonly challenge?: string;
  /** The PIN or fingerprint was not asked for. */
  readonly unverified?: boolean;
  /** Instead of one more than the last. */
  readonly counter?: number;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const sha256 = (data: string | Uint8Array): Buffer => createHash("sha256").update(data).digest();

/** A passkey in software (ES256, no attestation), with the browser around it: WebAuthn level 3, sections 6.1 and 6.5. */
export class SoftwareAuthenticator {
  readonly #origin: string;
  readonly #key: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #id: Buffer;
  counter = 0;
  /** Who the passkey says it belongs to. */
  userHandle: string | undefined;

  constructor(origin = "http://localhost:8080", id: string = Math.random().toString(36)) {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#origin = origin;
    this.#key = createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" }));
    this.#publicKey = publicKey;
    this.#id = sha256(id);
  }

  get id(): string {
    return base64url(this.#id);
  }

  create(
    options: PublicKeyCredentialCreationOptionsJSON,
    wrong: Misbehaviour = {},
  ): RegistrationResponseJSON {
    const client = this.#client("webauthn.create", options.challenge, wrong);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.#id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.#id, this.#coseKey()]);
    const authData = this.#authData(options.rp.id ?? "", ATTESTED, wrong, attested);
    this.userHandle = options.user.id;
    const object = new Map<string, unknown>([
      ["fmt", "none"],
      ["attStmt", new Map()],
      ["authData", new Uint8Array(authData)],
    ]);
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(client),
        attestationObject: base64url(isoCBOR.encode(object as never)),
        transports: ["internal"],
      },
    };
  }

  get(
    options: PublicKeyCredentialRequestOptionsJSON,
    wrong: Misbehaviour = {},
  ): AuthenticationResponseJSON {
    this.counter = wrong.counter ?? this.counter + 1;
    const client = this.#client("webauthn.get", options.challenge, wrong);
    const authData = this.#authData(options.rpId ?? "", 0, wrong);
    const signature = sign("sha256", Buffer.concat([authData, sha256(client)]), this.#key);
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(client),
        authenticatorData: base64url(authData),
        signature: base64url(signature),
        ...(this.userHandle === undefined ? {} : { userHandle: this.userHandle }),
      },
    };
  }

  #client(type: string, challenge: string, wrong: Misbehaviour): Buffer {
    return Buffer.from(
      JSON.stringify({
        type,
        challenge: wrong.challenge ?? challenge,
        origin: wrong.origin ?? this.#origin,
        crossOrigin: false,
      }),
    );
  }

  #authData(
    relyingParty: string,
    flags: number,
    wrong: Misbehaviour,
    rest = Buffer.alloc(0),
  ): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const verified = wrong.unverified === true ? 0 : USER_VERIFIED;
    return Buffer.concat([
      sha256(wrong.relyingParty ?? relyingParty),
      Uint8Array.of(flags | USER_PRESENT | verified),
      counter,
      rest,
    ]);
  }

  /** COSE: EC2, ES256, P-256, x and y. */
  #coseKey(): Uint8Array {
    const { x = "", y = "" } = this.#publicKey.export({ format: "jwk" });
    const bytes = (text: string) => new Uint8Array(Buffer.from(text, "base64url"));
    return isoCBOR.encode(
      new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, bytes(x)],
        [-3, bytes(y)],
      ]) as never,
    );
  }
}
