import type { DataKeyTable } from "../keys/data-key-table.ts";
import type { Timestamp } from "./timestamp.ts";

export interface UserTable {
  /** `usr_` and 26 characters of base 32. */
  id: string;
  status: "pending" | "active" | "frozen" | "erased";
  created_at: Timestamp;
}

/** All tables of the package. Each area adds its own. */
export interface IdentityTables {
  identity_user: UserTable;
  identity_data_key: DataKeyTable;
}
