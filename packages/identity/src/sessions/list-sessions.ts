import type { AccountContext } from "../account-context.ts";
import { isAfter, millisecondsOf } from "../schema/time-column.ts";
import type { Session } from "./session.ts";

/** A session as its user sees it in the list of their devices. */
export interface ListedSession {
  readonly id: string;
  readonly device: string;
  /** What the device called itself. */
  readonly deviceName: string;
  readonly address: string;
  readonly startedAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  /** Whether it is the one that asks. */
  readonly current: boolean;
}

/** The user's sessions that are alive, newest first. */
export const listSessions = async (
  { db, clock, personalData }: AccountContext,
  session: Session,
): Promise<readonly ListedSession[]> => {
  const rows = await db
    .selectFrom("identity_session")
    .innerJoin("identity_device", "identity_device.id", "identity_session.device_id")
    .select([
      "identity_session.id",
      "identity_session.device_id as device",
      "identity_session.address",
      "identity_device.name",
      millisecondsOf("identity_session.created_at").as("startedAt"),
      millisecondsOf("identity_session.last_seen_at").as("lastSeenAt"),
      millisecondsOf("identity_session.expires_at").as("expiresAt"),
    ])
    .where("identity_session.user_id", "=", session.user)
    .where("identity_session.ended_at", "is", null)
    .where(isAfter("identity_session.expires_at", clock()))
    .where((where) =>
      // An app's access token ends long before its session does.
      where.or([
        where("identity_session.kind", "=", "app"),
        isAfter("identity_session.idle_expires_at", clock()),
      ]),
    )
    .orderBy("identity_session.created_at", "desc")
    .execute();
  const open = async (field: string, sealed: Uint8Array | null): Promise<string> =>
    sealed === null
      ? ""
      : ((await personalData.open(db, { subject: session.user, field }, sealed)) ?? "");
  const listed: ListedSession[] = [];
  for (const { address, name, ...row } of rows) {
    listed.push({
      ...row,
      deviceName: await open("identity_device.name", name),
      address: await open("identity_session.address", address),
      current: row.id === session.id,
    });
  }
  return listed;
};
