import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCamt053 } from "./index.ts";
import { readXml, type XmlElement, XmlMalformed } from "./xml-reader.ts";

const decimals = (currency: string): number | undefined => ({ EUR: 2, JPY: 0, BHD: 3 })[currency];

/** As a bank sends it: version 02, a status in text, an entry that is pending, a batch, a payment without a reference. */
const example = (change: (xml: string) => string = (xml) => xml) =>
  readCamt053(
    change(`<?xml version="1.0" encoding="UTF-8"?>
<!-- end of day -->
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">
  <BkToCstmrStmt>
    <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-01-31T23:00:00</CreDtTm></GrpHdr>
    <Stmt>
      <Id>S1</Id>
      <CreDtTm>2026-01-31T23:00:00</CreDtTm>
      <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
      <Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Dt><Dt>2026-01-30</Dt></Dt></Bal>
      <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1137.5</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-31</Dt></Dt></Bal>
      <Ntry>
        <Amt Ccy="EUR">1250.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
        <BookgDt><Dt>2026-01-31</Dt></BookgDt><AcctSvcrRef>B-1</AcctSvcrRef>
        <NtryDtls><TxDtls><Refs><EndToEndId>deposit &amp; 4711</EndToEndId></Refs></TxDtls></NtryDtls>
      </Ntry>
      <Ntry>
        <NtryRef>2</NtryRef>
        <Amt Ccy="EUR">012.5</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
        <BookgDt><DtTm>2026-01-31T14:30:00.5+01:00</DtTm></BookgDt><AcctSvcrRef>B-2</AcctSvcrRef>
        <NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId><TxId>T-2</TxId></Refs></TxDtls></NtryDtls>
      </Ntry>
      <Ntry>
        <NtryRef>3</NtryRef>
        <Amt Ccy="EUR">7</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts>
        <ValDt><Dt>2026-02-01</Dt></ValDt>
        <NtryDtls><TxDtls/><TxDtls/></NtryDtls>
      </Ntry>
    </Stmt>
  </BkToCstmrStmt>
</Document>
`),
    { decimals },
  );

describe("a bank's camt.053", () => {
  test("is read into exact amounts, with the references that both sides know", () => {
    expect(example()).toEqual({
      ok: true,
      statements: [
        {
          id: "S1",
          account: "DE89370400440532013000",
          currency: "EUR",
          opening: -10_000n,
          closing: 113_750n,
          lines: [
            { id: "B-1", reference: "deposit & 4711", amount: 125_000n, at: Date.UTC(2026, 0, 31) },
            {
              id: "2",
              reference: "T-2",
              amount: -1_250n,
              at: Date.UTC(2026, 0, 31, 13, 30, 0, 500),
            },
          ],
          pending: [{ id: "3", reference: "", amount: 700n, at: Date.UTC(2026, 1, 1) }],
        },
      ],
    });
  });

  test("of later versions and with prefixes reads the same", () => {
    const later = example((xml) =>
      xml
        .replace("001.02", "001.08")
        .replaceAll(/<Sts>(\w+)<\/Sts>/g, "<Sts><Cd>$1</Cd></Sts>")
        .replace("xmlns=", "xmlns:c=")
        .replaceAll(/<(\/?)(?=[A-Z])/g, "<$1c:"),
    );
    expect(later).toEqual(example());
  });

  test("without balances is taken as it is", () => {
    const read = example((xml) => xml.replaceAll(/<Bal>.*<\/Bal>/g, ""));
    expect(read).toMatchObject({
      ok: true,
      statements: [{ opening: undefined, closing: undefined }],
    });
  });

  test.each<[string, string, (xml: string) => string]>([
    ["not_camt_053", "Document", (xml) => xml.replace("camt.053", "camt.052")],
    ["not_camt_053", "Document", () => "<html/>"],
    ["field_missing", "BkToCstmrStmt", (xml) => xml.replaceAll("BkToCstmrStmt", "Other")],
    ["field_missing", "Stmt[0]/Id", (xml) => xml.replace("<Id>S1</Id>", "")],
    ["field_missing", "Stmt[0]/Acct/Id/Othr/Id", (xml) => xml.replace(/<IBAN>.*<\/IBAN>/, "")],
    [
      "field_missing",
      "Stmt[0]/Ntry[0]/Amt",
      (xml) => xml.replace('<Amt Ccy="EUR">1250.00</Amt>', ""),
    ],
    ["field_missing", "Stmt[0]/Ntry[2]/ValDt", (xml) => xml.replace(/<ValDt>.*<\/ValDt>/, "")],
    [
      "value_malformed",
      "Stmt[0]/Ntry[0]/CdtDbtInd",
      (xml) => xml.replace("1250.00</Amt><CdtDbtInd>CRDT", "1250.00</Amt><CdtDbtInd>CREDIT"),
    ],
    ["value_malformed", "Stmt[0]/Ntry[0]/Amt", (xml) => xml.replace("1250.00", "1,250.00")],
    ["value_malformed", "Stmt[0]/Ntry[0]/Amt", (xml) => xml.replace("1250.00", "-1250.00")],
    ["value_malformed", "Stmt[0]/Ntry[0]/Amt", (xml) => xml.replace("1250.00", "1.25e3")],
    ["value_malformed", "Stmt[0]/Ntry[0]/Amt", (xml) => xml.replace("1250.00", ".")],
    [
      "value_malformed",
      "Stmt[0]/Ntry[0]/BookgDt/Dt",
      (xml) => xml.replace("<Dt>2026-01-31</Dt></BookgDt>", "<Dt>2026-02-30</Dt></BookgDt>"),
    ],
    [
      "value_malformed",
      "Stmt[0]/Ntry[0]/BookgDt/Dt",
      (xml) => xml.replace("<Dt>2026-01-31</Dt></BookgDt>", "<Dt>31.1.2026</Dt></BookgDt>"),
    ],
    ["amount_too_precise", "Stmt[0]/Ntry[0]/Amt", (xml) => xml.replace("1250.00", "1250.001")],
    ["amount_out_of_range", "Stmt[0]/Ntry[0]/Amt", (xml) => xml.replace("1250.00", "9".repeat(60))],
    ["currency_unknown", "Stmt[0]/Acct/Ccy", (xml) => xml.replaceAll("EUR", "XXX")],
    [
      "currency_differs",
      "Stmt[0]/Ntry[1]/Amt",
      (xml) => xml.replace('Ccy="EUR">012', 'Ccy="JPY">012'),
    ],
    ["statement_does_not_add_up", "Stmt[0]", (xml) => xml.replace("1250.00", "1250.01")],
    ["statement_does_not_add_up", "Stmt[0]", (xml) => xml.replace("<Sts>PDNG", "<Sts>BOOK")],
  ])("is refused: %s at %s", (code, field, change) => {
    expect(example(change)).toEqual({ ok: false, code, field });
  });

  test.each([
    "",
    "x",
    "<Document>",
    '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><Document/>',
  ])("that isn't XML is refused: %s", (xml) => {
    expect(readCamt053(xml, { decimals })).toMatchObject({ ok: false, code: "xml_malformed" });
  });

  test("cut off or changed anywhere is refused or read, and never throws", () => {
    let whole = "";
    example((xml) => {
      whole = xml;
      return xml;
    });
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.string({ maxLength: 3 }),
        fc.nat(5),
        (at, put, cut) => {
          const changed = whole.slice(0, at) + put + whole.slice(at + cut);
          expect(typeof readCamt053(changed, { decimals }).ok).toBe("boolean");
          if (at > 0)
            expect(readCamt053(whole.slice(0, at), { decimals }).ok).toBe(
              at >= whole.trimEnd().length,
            );
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("XML", () => {
  const written = ({ name, attributes, children, text }: XmlElement): string => {
    const escaped = (one: string) =>
      one
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll('"', "&#34;")
        .replaceAll("\r", "&#xd;")
        .replaceAll(">", "&gt;");
    const list = [...attributes].map(([key, value]) => ` ${key}="${escaped(value)}"`).join("");
    return `<${name}${list}>${escaped(text)}${children.map(written).join("")}</${name}>`;
  };
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9._-]{0,6}$/);
  const content = fc.string({ unit: "grapheme", maxLength: 8 });
  const { element } = fc.letrec<{ element: XmlElement }>((tie) => ({
    element: fc.record({
      name,
      attributes: fc
        .array(fc.tuple(name, content), { maxLength: 3 })
        .map((pairs) => new Map(pairs)),
      children: fc.oneof(
        { maxDepth: 4 },
        fc.constant([]),
        fc.array(tie("element"), { maxLength: 3 }),
      ),
      text: content,
    }),
  }));

  test("of any tree is read back as it was", () => {
    fc.assert(
      fc.property(element, (tree) => {
        expect(readXml(written(tree))).toEqual(tree);
      }),
      { numRuns: 200 },
    );
  });

  test("has CDATA, comments, instructions and numbered characters", () => {
    const xml =
      "\ufeff<?xml version='1.0'?><!-- a --><?x y?><a b='1&#x20AC;'>x<!-- < --><![CDATA[<&]]>&#8364;&apos;<c /></a>\n<!-- end -->";
    expect(readXml(xml)).toEqual({
      name: "a",
      attributes: new Map([["b", "1€"]]),
      children: [{ name: "c", attributes: new Map(), children: [], text: "" }],
      text: "x<&€'",
    });
  });

  test.each([
    "<a></b>",
    "<a><b></a></b>",
    "<a/><b/>",
    "<a>&nope;</a>",
    "<a>&#0;</a>",
    "<a>&#xD800;</a>",
    "<a>&amp</a>",
    "<a b=1/>",
    "<a b='1' b='2'/>",
    "<a b='<'/>",
    "<a>]]></a>",
    "<!DOCTYPE a><a/>",
    "<a><!-- -- --></a>",
    "<a><!ENTITY x 'y'></a>",
    "text<a/>",
    "<a",
    "<1/>",
    "<a></a",
    "<?xml version='1.0'?>",
    "<a>".repeat(70) + "</a>".repeat(70),
  ])("that isn't well-formed, or too deep, is refused: %s", (xml) => {
    expect(() => readXml(xml)).toThrow(XmlMalformed);
  });

  test("of millions of characters takes no longer than its length", () => {
    for (const xml of [
      `<a>${"<".repeat(1e5)}`,
      `<a ${"b='1' ".repeat(1e5)}`,
      `<a>${"&".repeat(1e5)}`,
      `<a>${"x".repeat(2e6)}</a>`,
      `<!--${"-".repeat(1e5)}`,
    ]) {
      const start = process.cpuUsage().user;
      try {
        readXml(xml);
      } catch (error) {
        expect(error).toBeInstanceOf(XmlMalformed);
      }
      expect(process.cpuUsage().user - start).toBeLessThan(2_000_000);
    }
  });
});
