import { parseAmount } from "../amount.ts";
import type { OutsideLine, OutsideStatement } from "./outside-statement.ts";
import { readXml, type XmlElement, XmlMalformed } from "./xml-reader.ts";

/** What is wrong with a file that a bank has sent. */
export type CamtRefusalCode =
  | "xml_malformed"
  | "not_camt_053"
  | "field_missing"
  | "value_malformed"
  | "amount_too_precise"
  | "amount_out_of_range"
  | "currency_unknown"
  | "currency_differs"
  | "statement_does_not_add_up";

/** The statements of a message, or the first thing that is wrong with it. */
export type ReadCamt =
  | { readonly ok: true; readonly statements: readonly OutsideStatement[] }
  | {
      readonly ok: false;
      readonly code: CamtRefusalCode;
      /** Where: "Stmt[0]/Ntry[3]/Amt"; for XML that is malformed, "offset 17". */
      readonly field: string;
    };

export interface CamtOptions {
  /** How many decimals a currency has; undefined if you don't know it, and then the statement is refused. */
  readonly decimals: (currency: string) => number | undefined;
}

/**
 * Reads a bank's camt.053 (BankToCustomerStatement of ISO 20022, versions 02 and later) into exact amounts.
 *
 * Of an entry: its amount, sign, status, booking date and references. A statement with an opening balance, a closing balance and
 * booked entries that don't lead from one to the other is refused, because something is missing. A day without a time begins at
 * 00:00 UTC.
 *
 * @example
 * const read = readCamt053(xml, { decimals: (currency) => (currency === "EUR" ? 2 : undefined) });
 * if (!read.ok) throw new Error(`${read.field}: ${read.code}`);
 */
export const readCamt053 = (xml: string, options: CamtOptions): ReadCamt => {
  try {
    const document = readXml(xml);
    const namespace = document.attributes.get("xmlns") ?? prefixedNamespace(document);
    const isCamt = /^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d\d$/.test(namespace);
    if (document.name !== "Document" || !isCamt) throw new Refused("not_camt_053", "Document");
    const message = new Field(document, "").one("BkToCstmrStmt");
    return { ok: true, statements: message.all("Stmt").map((one) => statementOf(one, options)) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, code: error.code, field: error.field };
    if (!(error instanceof XmlMalformed)) throw error;
    return { ok: false, code: "xml_malformed", field: `offset ${error.offset}` };
  }
};

const prefixedNamespace = ({ attributes }: XmlElement): string =>
  [...attributes].find(([name]) => name.startsWith("xmlns:"))?.[1] ?? "";

class Refused extends Error {
  readonly code: CamtRefusalCode;
  readonly field: string;

  constructor(code: CamtRefusalCode, field: string) {
    super(code);
    this.code = code;
    this.field = field;
  }
}

/** An element, and the path that leads to it. */
class Field {
  readonly #element: XmlElement;
  readonly path: string;

  constructor(element: XmlElement, path: string) {
    this.#element = element;
    this.path = path;
  }

  get text(): string {
    return this.#element.text.trim();
  }

  attribute(name: string): string {
    return this.#element.attributes.get(name) ?? "";
  }

  /** All children of a name, with an index where there may be several. */
  all(name: string): Field[] {
    return this.#element.children
      .filter((child) => child.name === name)
      .map((child, index) => new Field(child, this.#below(`${name}[${index}]`)));
  }

  /** What stands at a path below, the first of each name. */
  find(path: string): Field | undefined {
    let element: XmlElement | undefined = this.#element;
    for (const name of path.split("/")) {
      element = element?.children.find((child) => child.name === name);
    }
    return element && new Field(element, this.#below(path));
  }

  one(path: string): Field {
    const field = this.find(path);
    if (field === undefined) throw new Refused("field_missing", this.#below(path));
    return field;
  }

  #below(path: string): string {
    return this.path === "" || this.path === "BkToCstmrStmt" ? path : `${this.path}/${path}`;
  }
}

const statementOf = (field: Field, { decimals }: CamtOptions): OutsideStatement => {
  const currency = currencyOf(field);
  const scale = decimals(currency);
  if (scale === undefined) throw new Refused("currency_unknown", `${field.path}/Acct/Ccy`);
  const money: Money = { currency, decimals: scale };
  const entries = field.all("Ntry").map((entry) => ({
    line: lineOf(entry, money),
    isBooked: statusOf(entry) === "BOOK",
  }));
  const statement: OutsideStatement = {
    id: field.one("Id").text,
    account: (field.find("Acct/Id/IBAN") ?? field.one("Acct/Id/Othr/Id")).text,
    currency,
    opening: balanceOf(field, ["OPBD", "PRCD"], money),
    closing: balanceOf(field, ["CLBD"], money),
    lines: entries.flatMap(({ line, isBooked }) => (isBooked ? [line] : [])),
    pending: entries.flatMap(({ line, isBooked }) => (isBooked ? [] : [line])),
  };
  if (!addsUp(statement)) throw new Refused("statement_does_not_add_up", field.path);
  return statement;
};

interface Money {
  readonly currency: string;
  readonly decimals: number;
}

const addsUp = ({ opening, closing, lines }: OutsideStatement): boolean =>
  opening === undefined ||
  closing === undefined ||
  closing === lines.reduce((sum, { amount }) => sum + amount, opening);

/** The account's own, or else that of the first amount. */
const currencyOf = (field: Field): string => {
  const amount = field.find("Bal/Amt") ?? field.find("Ntry/Amt");
  const currency = field.find("Acct/Ccy")?.text ?? amount?.attribute("Ccy") ?? "";
  if (currency === "") throw new Refused("field_missing", `${field.path}/Acct/Ccy`);
  return currency;
};

const balanceOf = (field: Field, codes: readonly string[], money: Money): bigint | undefined => {
  const balances = field.all("Bal");
  for (const code of codes) {
    const balance = balances.find((one) => one.find("Tp/CdOrPrtry/Cd")?.text === code);
    if (balance !== undefined) return amountOf(balance, money);
  }
  return undefined;
};

/** Text in version 02, a code below it in later ones. */
const statusOf = (entry: Field): string => (entry.find("Sts/Cd") ?? entry.one("Sts")).text;

const REFERENCES = ["EndToEndId", "TxId", "UETR", "InstrId", "AcctSvcrRef"];

const lineOf = (entry: Field, money: Money): OutsideLine => ({
  id: entry.find("NtryRef")?.text ?? entry.find("AcctSvcrRef")?.text ?? entry.path,
  reference: referenceOf(entry),
  amount: amountOf(entry, money),
  at: timeOf(entry),
});

/** That of the transaction if the entry is about one, else the bank's. Banks write NOTPROVIDED where the payer gave none. */
const referenceOf = (entry: Field): string => {
  const transactions = entry.all("NtryDtls").flatMap((details) => details.all("TxDtls"));
  const [transaction] = transactions;
  if (transaction !== undefined && transactions.length === 1) {
    for (const name of REFERENCES) {
      const text = transaction.find(`Refs/${name}`)?.text ?? "";
      if (text !== "" && text !== "NOTPROVIDED") return text;
    }
  }
  return entry.find("AcctSvcrRef")?.text ?? "";
};

const amountOf = (field: Field, { currency, decimals }: Money): bigint => {
  const amount = field.one("Amt");
  if (amount.attribute("Ccy") !== currency) throw new Refused("currency_differs", amount.path);
  const parsed = parseAmount(canonical(amount), decimals);
  if (!parsed.ok) {
    const codes = {
      decimal_malformed: "value_malformed",
      decimal_too_precise: "amount_too_precise",
      decimal_out_of_range: "amount_out_of_range",
    } as const;
    throw new Refused(codes[parsed.code], amount.path);
  }
  const side = field.one("CdtDbtInd");
  if (side.text === "CRDT") return parsed.amount;
  if (side.text === "DBIT") return -parsed.amount;
  throw new Refused("value_malformed", side.path);
};

/** XML allows of a decimal a plus, zeros in front and nothing on one side of the point; the sign stands elsewhere. */
const canonical = (amount: Field): string => {
  const [, whole = "", fraction] = /^\+?(\d*)(?:\.(\d*))?$/.exec(amount.text) ?? [];
  if (whole === "" && (fraction ?? "") === "") throw new Refused("value_malformed", amount.path);
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  return (fraction ?? "") === "" ? digits : `${digits}.${fraction}`;
};

const timeOf = (entry: Field): number => {
  const date = entry.find("BookgDt") ?? entry.one("ValDt");
  const field = date.find("DtTm") ?? date.one("Dt");
  const [, day, time, zone] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/.exec(field.text) ?? [];
  const at = Date.parse(time === undefined ? `${day}T00:00:00Z` : `${day}${time}${zone ?? "Z"}`);
  const isDay = day !== undefined && isCalendarDay(day);
  if (!isDay || Number.isNaN(at) || at < 0) throw new Refused("value_malformed", field.path);
  return at;
};

/** JavaScript takes 30 February for 2 March. */
const isCalendarDay = (day: string): boolean => {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
};
