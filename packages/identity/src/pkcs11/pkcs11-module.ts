/** What is asked of the `pkcs11js` module, so that a host that has no hardware needn't install it. */
export interface Pkcs11Module {
  readonly PKCS11: new () => Pkcs11Library;
  readonly CKA_CLASS: number;
  readonly CKA_KEY_TYPE: number;
  readonly CKA_TOKEN: number;
  readonly CKA_PRIVATE: number;
  readonly CKA_LABEL: number;
  readonly CKA_SENSITIVE: number;
  readonly CKA_EXTRACTABLE: number;
  readonly CKA_MODIFIABLE: number;
  readonly CKA_ENCRYPT: number;
  readonly CKA_DECRYPT: number;
  readonly CKA_VALUE_LEN: number;
  readonly CKO_SECRET_KEY: number;
  readonly CKK_AES: number;
  readonly CKM_AES_KEY_GEN: number;
  readonly CKM_AES_GCM: number;
  readonly CK_PARAMS_AES_GCM: number;
  readonly CKF_SERIAL_SESSION: number;
  readonly CKF_RW_SESSION: number;
  readonly CKU_USER: number;
}

export type Pkcs11Handle = Buffer;

export interface Pkcs11Attribute {
  readonly type: number;
  readonly value?: number | boolean | string | Buffer;
}

export interface Pkcs11Mechanism {
  mechanism: number;
  parameter?: {
    type: number;
    iv: Buffer;
    aad: Buffer;
    ivBits: number;
    tagBits: number;
  };
}

/** The calls of PKCS#11 that are made. */
export interface Pkcs11Library {
  load(path: string): void;
  close(): void;
  C_Initialize(): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Pkcs11Handle[];
  C_GetTokenInfo(slot: Pkcs11Handle): { label: string };
  C_OpenSession(slot: Pkcs11Handle, flags: number): Pkcs11Handle;
  C_CloseSession(session: Pkcs11Handle): void;
  C_Login(session: Pkcs11Handle, userType: number, pin: string): void;
  C_Logout(session: Pkcs11Handle): void;
  C_FindObjectsInit(session: Pkcs11Handle, template: Pkcs11Attribute[]): void;
  C_FindObjects(session: Pkcs11Handle, count: number): Pkcs11Handle[];
  C_FindObjectsFinal(session: Pkcs11Handle): void;
  C_GetAttributeValue(
    session: Pkcs11Handle,
    object: Pkcs11Handle,
    template: Pkcs11Attribute[],
  ): { value: Buffer }[];
  C_GenerateKey(
    session: Pkcs11Handle,
    mechanism: Pkcs11Mechanism,
    template: Pkcs11Attribute[],
  ): Pkcs11Handle;
  C_DestroyObject(session: Pkcs11Handle, object: Pkcs11Handle): void;
  C_EncryptInit(session: Pkcs11Handle, mechanism: Pkcs11Mechanism, key: Pkcs11Handle): void;
  C_Encrypt(session: Pkcs11Handle, input: Buffer, output: Buffer): Buffer;
  C_DecryptInit(session: Pkcs11Handle, mechanism: Pkcs11Mechanism, key: Pkcs11Handle): void;
  C_Decrypt(session: Pkcs11Handle, input: Buffer, output: Buffer): Buffer;
}
