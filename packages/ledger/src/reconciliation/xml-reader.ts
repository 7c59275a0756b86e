/** An element, its attributes, and what is in it: elements, or text. Names are without their prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly in it. */
  readonly text: string;
}

/** The text isn't XML that we read, with the offset at which that shows. */
export class XmlMalformed extends Error {
  override readonly name: string = "XmlMalformed";
  readonly offset: number;

  constructor(offset: number) {
    super(`expected well-formed XML without a document type, at offset ${offset}`);
    this.offset = offset;
  }
}

/** Deeper than any message of ISO 20022, and shallower than what would exhaust the stack. */
const DEPTH_LIMIT = 64;

/**
 * Reads the XML that banks send: elements, attributes, text, CDATA, comments, the five named entities and numbered characters.
 *
 * A document type is refused, and with it everything that an XML reader can be attacked by: entities that grow or reach out to
 * files and addresses. Throws an `XmlMalformed`.
 */
export const readXml = (text: string): XmlElement => new XmlReader(text).document();

const NAME = "[\\p{L}_][\\p{L}\\p{N}._-]*";
const QUALIFIED = `(?:${NAME}:)?(${NAME})`;
const OPENING = new RegExp(
  `<${QUALIFIED}((?:\\s+${NAME}(?::${NAME})?\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`,
  "uy",
);
const CLOSING = new RegExp(`</${QUALIFIED}\\s*>`, "uy");
const ATTRIBUTE = new RegExp(`(${NAME}(?::${NAME})?)\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, "gu");
const SKIPPED = /<!--(?:(?!--)[\s\S])*-->|<\?(?!xml\s)[\s\S]*?\?>/y;
const DECLARATION = /\ufeff?(?:<\?xml\s[^?]*\?>)?/y;
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/y;
const TEXT = /[^<]+/y;

class XmlReader {
  readonly #source: string;
  #offset = 0;

  constructor(source: string) {
    this.#source = source;
  }

  document(): XmlElement {
    this.#match(DECLARATION);
    this.#skip();
    const root = this.#element(0);
    this.#skip();
    if (this.#offset < this.#source.length) throw new XmlMalformed(this.#offset);
    return root;
  }

  #element(depth: number): XmlElement {
    const opening = this.#match(OPENING);
    if (opening === null || depth > DEPTH_LIMIT) throw new XmlMalformed(this.#offset);
    const [, name = "", attributes = "", isEmpty] = opening;
    const children: XmlElement[] = [];
    const texts: string[] = [];
    if (isEmpty !== "/") this.#content(name, depth, children, texts);
    return { name, attributes: this.#attributes(attributes), children, text: texts.join("") };
  }

  #content(name: string, depth: number, children: XmlElement[], texts: string[]): void {
    for (;;) {
      const closing = this.#match(CLOSING);
      if (closing?.[1] === name) return;
      if (closing !== null) throw new XmlMalformed(this.#offset);
      const text = this.#text();
      if (text !== undefined) texts.push(text);
      else if (this.#match(SKIPPED) === null) children.push(this.#element(depth + 1));
    }
  }

  #text(): string | undefined {
    const text = this.#match(TEXT);
    if (text !== null) return this.#unescaped(text[0]);
    return this.#match(CDATA)?.[1];
  }

  #attributes(source: string): Map<string, string> {
    const attributes = new Map<string, string>();
    for (const [, name = "", double, single = ""] of source.matchAll(ATTRIBUTE)) {
      if (attributes.has(name)) throw new XmlMalformed(this.#offset);
      attributes.set(name, this.#unescaped(double ?? single));
    }
    return attributes;
  }

  #unescaped(text: string): string {
    if (text.includes("]]>")) throw new XmlMalformed(this.#offset);
    return text.replace(/\r\n?/g, "\n").replace(/&([^;\s]{0,10};?)/g, (_, reference: string) => {
      const character = characterOf(reference);
      if (character === undefined) throw new XmlMalformed(this.#offset);
      return character;
    });
  }

  /** White space, comments and processing instructions. */
  #skip(): void {
    while (this.#match(/\s+/y) !== null || this.#match(SKIPPED) !== null);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.#source);
    if (found !== null) this.#offset = pattern.lastIndex;
    return found;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  "amp;": "&",
  "lt;": "<",
  "gt;": ">",
  "quot;": '"',
  "apos;": "'",
};

const characterOf = (reference: string): string | undefined => {
  const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));$/.exec(reference) ?? [];
  if (hex === undefined && decimal === undefined) return ENTITIES[reference];
  const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const isCharacter = point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return isCharacter ? String.fromCodePoint(point) : undefined;
};
