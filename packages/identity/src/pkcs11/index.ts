export {
  type Pkcs11KeyManagement,
  type Pkcs11Options,
  pkcs11KeyManagement,
} from "./pkcs11-key-management.ts";
export type {
  Pkcs11Attribute,
  Pkcs11Handle,
  Pkcs11Library,
  Pkcs11Mechanism,
  Pkcs11Module,
} from "./pkcs11-module.ts";
