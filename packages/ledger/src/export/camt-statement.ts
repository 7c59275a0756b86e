import { formatAmount } from "../amount.ts";
import type { StatementLine } from "../statement-line.ts";
import type { AccountStatement } from "./account-statement.ts";
import { isoTime } from "./csv.ts";
import { type ShownAsset, timeOf } from "./ledger-names.ts";

export interface CamtStatementOptions {
  /** The currency of the account. */
  readonly asset: ShownAsset;
  /** The account as its owner knows it, 1 to 34 characters. */
  readonly accountId: string;
  /** Names this statement and its message among all of yours, 1 to 35 characters. */
  readonly statementId: string;
  /** When it is written, in milliseconds since 1970-01-01 UTC. */
  readonly createdAt: number;
}

/** A statement as XML, or the reason why camt.053 can't say it. */
export type CamtStatement =
  | { readonly ok: true; readonly xml: string }
  | {
      readonly ok: false;
      readonly code:
        | "currency_code_unfit"
        | "amount_too_long"
        | "amount_too_precise"
        | "id_too_long";
      /** Where: "lines[2].amount". */
      readonly field: string;
    };

/** What the schema allows of an amount. */
const DIGITS = 18;
const FRACTION_DIGITS = 5;

/**
 * A statement as camt.053.001.08, the statement of ISO 20022, as the owner of the account reads it: what is credited is theirs.
 *
 * The schema knows currencies of three capital letters and amounts of 18 digits, 5 of them decimals: that is for money. What doesn't
 * fit is refused, not rounded. Decimals that are zero are left out beyond the fifth.
 *
 * @example
 * const camt = camtStatement(statement, { asset: { number: 1, code: "EUR", decimals: 2 }, accountId, statementId, createdAt });
 * if (!camt.ok) throw new Error(`${camt.field}: ${camt.code}`);
 */
export const camtStatement = (
  statement: AccountStatement,
  options: CamtStatementOptions,
): CamtStatement => {
  const { asset, accountId, statementId, createdAt } = options;
  if (!/^[A-Z]{3}$/.test(asset.code)) return no("currency_code_unfit", "asset.code");
  if (!isBetween(accountId, 34)) return no("id_too_long", "accountId");
  if (!isBetween(statementId, 35)) return no("id_too_long", "statementId");
  const refusal = amountRefusal(statement, asset);
  if (refusal !== undefined) return refusal;

  const { from, to, opening, closing, lines } = statement;
  const created = element("CreDtTm", isoTime(createdAt));
  const id = element("Othr", element("Id", escaped(accountId)));
  const body = [
    element("Id", escaped(statementId)),
    created,
    element("FrToDt", element("FrDtTm", isoTime(from)) + element("ToDtTm", isoTime(to))),
    element("Acct", element("Id", id) + element("Ccy", asset.code)),
    balance("OPBD", opening, from, asset),
    balance("CLBD", closing, to, asset),
    ...lines.map((line) => entry(line, statement, asset)),
  ];
  const header = element("GrpHdr", element("MsgId", escaped(statementId)) + created);
  const message = element("BkToCstmrStmt", header + element("Stmt", `\n${body.join("\n")}\n`));
  const namespace = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08";
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${namespace}">${message}</Document>\n`;
  return { ok: true, xml };
};

const no = (code: (CamtStatement & { ok: false })["code"], field: string): CamtStatement => ({
  ok: false,
  code,
  field,
});

const isBetween = (text: string, most: number): boolean => text.length > 0 && text.length <= most;

const amountRefusal = (
  { opening, closing, lines }: AccountStatement,
  asset: ShownAsset,
): CamtStatement | undefined => {
  const amounts: [field: string, amount: bigint][] = [
    ["opening", opening],
    ["closing", closing],
    ...lines.map(({ amount }, index): [string, bigint] => [`lines[${index}].amount`, amount]),
  ];
  for (const [field, amount] of amounts) {
    const [whole = "", fraction = ""] = decimal(amount, asset).split(".");
    if (fraction.length > FRACTION_DIGITS) return no("amount_too_precise", field);
    if (whole.length + fraction.length > DIGITS) return no("amount_too_long", field);
  }
  return undefined;
};

const entry = (line: StatementLine, { by }: AccountStatement, asset: ShownAsset): string => {
  const { entry: number, index, amount, kind, key, memo } = line;
  const references = key === "" ? "" : element("EndToEndId", escaped(key.slice(0, 35)));
  const remittance = memo === "" ? "" : element("RmtInf", ustrd(memo));
  const parts = [
    element("NtryRef", `${number}.${index}`),
    money(amount, asset),
    element("Sts", element("Cd", "BOOK")),
    element("BookgDt", element("DtTm", isoTime(timeOf(line, by)))),
    element("ValDt", element("DtTm", isoTime(line.bookedAt))),
    element("AcctSvcrRef", String(number)),
    element("BkTxCd", element("Prtry", element("Cd", escaped(kind.slice(0, 35))))),
    references + remittance === ""
      ? ""
      : element(
          "NtryDtls",
          element("TxDtls", (references && element("Refs", references)) + remittance),
        ),
  ];
  return element("Ntry", parts.join(""));
};

/** A line of free text has 140 characters; there may be any number of lines. */
const ustrd = (memo: string): string =>
  (memo.match(/[\s\S]{1,138}/gu) ?? []).map((part) => element("Ustrd", escaped(part))).join("");

const balance = (code: string, amount: bigint, at: number, asset: ShownAsset): string =>
  element(
    "Bal",
    element("Tp", element("CdOrPrtry", element("Cd", code))) +
      money(amount, asset) +
      element("Dt", element("DtTm", isoTime(at))),
  );

const money = (amount: bigint, asset: ShownAsset): string =>
  `<Amt Ccy="${asset.code}">${decimal(amount, asset)}</Amt>${element("CdtDbtInd", amount < 0n ? "DBIT" : "CRDT")}`;

/** The amount without its sign, and without zeros beyond the fifth decimal. */
const decimal = (amount: bigint, { decimals }: ShownAsset): string => {
  const text = formatAmount(amount < 0n ? -amount : amount, decimals);
  const surplus = Math.max(0, decimals - FRACTION_DIGITS);
  return text.replace(new RegExp(`0{0,${surplus}}$`), "");
};

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
  "\n": "\n",
  "\t": "\t",
};

/** Text for XML. What XML has no place for, control characters above all, becomes U+FFFD. */
const escaped = (text: string): string =>
  text.replace(
    /[&<>"\ufffe\uffff]|\p{Cc}|\p{Surrogate}/gu,
    (character) => ESCAPES[character] ?? "\ufffd",
  );
