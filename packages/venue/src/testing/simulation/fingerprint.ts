/** A number for all bytes and texts that it was given, in their order (FNV-1a, 32 bits). */
export class Fingerprint {
  #value = 0x811c9dc5;

  text(text: string): void {
    for (let at = 0; at < text.length; at += 1) this.#mix(text.charCodeAt(at));
    this.#mix(0);
  }

  bytes(bytes: Uint8Array): void {
    for (const byte of bytes) this.#mix(byte);
  }

  get hex(): string {
    return this.#value.toString(16).padStart(8, "0");
  }

  #mix(unit: number): void {
    this.#value = Math.imul(this.#value ^ unit, 0x01000193) >>> 0;
  }
}
