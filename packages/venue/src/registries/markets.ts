import { type MarketRules, marketFields, readMarketFields } from "../commands/list-market.ts";
import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";

/** All markets, by number and by symbol, in the order of listing. */
export class MarketRegistry<M extends MarketRules = MarketRules> {
  readonly #byNumber: Map<number, M> = new Map();
  readonly #bySymbol: Map<string, M> = new Map();
  #inOrder: readonly M[] = [];

  list(market: M): void {
    this.#byNumber.set(market.market, market);
    this.#bySymbol.set(market.symbol, market);
    this.#inOrder = [];
  }

  get(market: number): M | undefined {
    return this.#byNumber.get(market);
  }

  bySymbol(symbol: string): M | undefined {
    return this.#bySymbol.get(symbol);
  }

  /** In the order of listing. */
  get inOrder(): readonly M[] {
    if (this.#inOrder.length !== this.#byNumber.size) this.#inOrder = [...this.#byNumber.values()];
    return this.#inOrder;
  }

  all(): Iterable<M> {
    return this.#byNumber.values();
  }

  write(writer: FieldWriter): void {
    writer.list(this.all(), (market) => writer.row(...marketFields(market)));
  }

  static read<M extends MarketRules>(
    reader: FieldReader,
    listed: (rules: MarketRules) => M,
  ): MarketRegistry<M> {
    const registry = new MarketRegistry<M>();
    reader.list(() => registry.list(listed(readMarketFields(reader))));
    return registry;
  }
}
