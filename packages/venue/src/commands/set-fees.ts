import type { RecordViews, RecordWriter } from "@pincex/engine";
import type { FeesPaidIn } from "../fees/fee-schedule.ts";
import { type Field, type FieldReader, fieldsLength, writeFields } from "../record/fields.ts";
import {
  beginCommand,
  COMMAND_BODY,
  commandFields,
  integer,
  type Repeatable,
  readRepeatable,
  VenueCommandKind,
} from "./command-record.ts";

/**
 * Sets what trades cost: by rules 1 from the next trade on, for resting orders too; from rules 2 on for orders that become live
 * from the next command on.
 */
export interface SetFees extends Repeatable {
  readonly kind: "set_fees";
  /** 0 stands for every market without fees of its own. */
  readonly market: number;
  /**
   * Millionths of what the maker receives, up to 1,000,000: 1,000 are 0.1 %. Below zero, down to −1,000,000, it is paid a
   * rebate: from rules 2 on, where fees are paid in quote.
   */
  readonly makerPpm: number;
  /** Millionths of what the taker receives, 0 to 1,000,000. */
  readonly takerPpm: number;
  /** For the accounts of a tier, 0 to 65,535; 0, unless told, stands for every tier without fees of its own. From rules 2 on. */
  readonly tier?: number;
  /** `received` unless told; `quote` from rules 2 on. */
  readonly paidIn?: FeesPaidIn;
}

export const writeSetFees = (writer: RecordWriter, command: SetFees): void => {
  const fields = [
    integer(command.market, "market"),
    integer(command.makerPpm, "makerPpm"),
    integer(command.takerPpm, "takerPpm"),
    ...laterFields(command),
  ];
  const offset = beginCommand(writer, VenueCommandKind.setFees, 0, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readSetFees = (views: RecordViews, offset: number): SetFees => {
  const reader = commandFields(views, offset);
  const market = reader.number();
  const makerPpm = reader.number();
  const takerPpm = reader.number();
  const later = reader.hasMore ? readLaterFields(reader) : {};
  reader.finish();
  return {
    kind: "set_fees",
    market,
    makerPpm,
    takerPpm,
    ...later,
    ...readRepeatable(views, offset),
  };
};

/** What the first releases did not have is left out where it isn't given, as they wrote it. */
const laterFields = ({ tier, paidIn }: SetFees): Field[] => {
  if (tier === undefined && paidIn === undefined) return [];
  return [integer(tier ?? 0, "tier"), paidIn === "quote" ? 1 : 0];
};

const readLaterFields = (reader: FieldReader): Required<Pick<SetFees, "tier" | "paidIn">> => {
  const tier = reader.number();
  return { tier, paidIn: reader.flag() ? "quote" : "received" };
};
