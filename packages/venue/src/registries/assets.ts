import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";

/** An asset of the venue. */
export interface Asset {
  readonly asset: number;
  readonly code: string;
  /** A whole unit is 10^decimals smallest units. */
  readonly decimals: number;
}

/** An asset with its place in the order of adding, by which accounts keep their balances. */
export interface RegisteredAsset extends Asset {
  readonly index: number;
}

/** All assets, by number and by code, in the order of adding. */
export class AssetRegistry {
  readonly #byNumber: Map<number, RegisteredAsset> = new Map();
  readonly #byCode: Map<string, RegisteredAsset> = new Map();

  add({ asset, code, decimals }: Asset): RegisteredAsset {
    const registered = { asset, code, decimals, index: this.#byNumber.size };
    this.#byNumber.set(asset, registered);
    this.#byCode.set(code, registered);
    return registered;
  }

  get(asset: number): RegisteredAsset | undefined {
    return this.#byNumber.get(asset);
  }

  byCode(code: string): RegisteredAsset | undefined {
    return this.#byCode.get(code);
  }

  all(): Iterable<RegisteredAsset> {
    return this.#byNumber.values();
  }

  write(writer: FieldWriter): void {
    writer.list(this.all(), ({ asset, decimals, code }) => writer.row(asset, decimals, code));
  }

  static read(reader: FieldReader): AssetRegistry {
    const registry = new AssetRegistry();
    reader.list(() => {
      const asset = reader.number();
      const decimals = reader.number();
      registry.add({ asset, decimals, code: reader.text() });
    });
    return registry;
  }
}
