import type { Generated } from "kysely";
import type { Timestamp } from "../schema/timestamp.ts";

export interface UserTable {
  /** `usr_` and 26 characters of base 32. */
  id: string;
  status: "pending" | "active" | "frozen" | "erased";
  created_at: Timestamp;
  /** Sealed, as the user wrote it. */
  email: Uint8Array | null;
  /** The keyed hash of the normalised address: by it a user is found, and no two have the same. */
  email_index: Uint8Array | null;
  /** Sealed, E.164. */
  phone: Uint8Array | null;
  /** Sealed. */
  display_name: Uint8Array | null;
  /** BCP 47, as `de-AT`: for the host's texts. */
  language: string | null;
  password_hash: string | null;
  password_set_at: Timestamp | null;
  /** Whether staff froze the account: then its owner can't thaw it. */
  frozen_by_staff: Generated<boolean>;
}

/** A link in an e-mail: proof that its reader has the address. */
export interface MailTokenTable {
  hash: Uint8Array;
  user_id: string;
  purpose: "registration" | "password_reset" | "thaw";
  expires_at: Timestamp;
}

/** A new e-mail address or phone number, until both sides have confirmed it. */
interface ContactChangeTable {
  id: string;
  user_id: string;
  field: "email" | "phone";
  /** Sealed. */
  value: Uint8Array;
  /** The keyed hash of an e-mail address. */
  value_index: Uint8Array | null;
  /** The token that went to the old channel. */
  old_hash: Uint8Array;
  old_confirmed_at: Timestamp | null;
  /** The token that went to a new address, or the keyed hash of the code that went to a new number. */
  new_hash: Uint8Array;
  new_confirmed_at: Timestamp | null;
  /** Codes tried. */
  attempts: number;
  expires_at: Timestamp;
}

export interface UserTables {
  identity_user: UserTable;
  identity_mail_token: MailTokenTable;
  identity_contact_change: ContactChangeTable;
}
