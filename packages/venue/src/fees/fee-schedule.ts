import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";

/** What trades cost, in millionths of what each side receives. */
export interface FeeRates {
  readonly makerPpm: number;
  readonly takerPpm: number;
}

const FREE: FeeRates = { makerPpm: 0, takerPpm: 0 };

/** The rates of each market, and those of all the others, which are free until they are set. */
export class FeeSchedule {
  #default: FeeRates = FREE;
  readonly #byMarket: Map<number, FeeRates> = new Map();

  /** Market 0 stands for every market without rates of its own. */
  set(market: number, { makerPpm, takerPpm }: FeeRates): void {
    const rates = { makerPpm, takerPpm };
    if (market === 0) this.#default = rates;
    else this.#byMarket.set(market, rates);
  }

  of(market: number): FeeRates {
    return this.#byMarket.get(market) ?? this.#default;
  }

  write(writer: FieldWriter): void {
    writer.row(this.#default.makerPpm, this.#default.takerPpm);
    writer.list(this.#byMarket, ([market, rates]) =>
      writer.row(market, rates.makerPpm, rates.takerPpm),
    );
  }

  static read(reader: FieldReader): FeeSchedule {
    const schedule = new FeeSchedule();
    const rates = (): FeeRates => ({ makerPpm: reader.number(), takerPpm: reader.number() });
    schedule.set(0, rates());
    reader.list(() => schedule.set(reader.number(), rates()));
    return schedule;
  }
}
