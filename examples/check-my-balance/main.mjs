// Checks that your balance is counted in a published total. Needs Node.js 20 and nothing else: no package, no network.
//
//   node main.mjs proof.json <your customer id> <your balance in smallest units> <the published hash>
//
// Written from the description of the format (docs/decisions/0012), not from the code that makes the proofs.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const [file, customer, balance, published] = process.argv.slice(2);
if (published === undefined) {
  console.error("usage: node main.mjs proof.json <customer> <balance> <published hash>");
  process.exit(2);
}

const { commitment, salt, path } = JSON.parse(readFileSync(file, "utf8"));
const LIMIT = 2n ** 127n;

const fail = (why) => {
  console.log(`NOT PROVED: ${why}`);
  process.exit(1);
};
const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const hash32 = (hex) => (/^[0-9a-f]{64}$/.test(hex) ? Buffer.from(hex, "hex") : fail("no hash"));
const sum16 = (sum) => Buffer.from(sum.toString(16).padStart(32, "0"), "hex");
const sized = (text) => {
  const bytes = Buffer.from(text, "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const amount = (text) => {
  const value = /^(0|[1-9]\d{0,38})$/.test(text) ? BigInt(text) : fail(`${text} is no sum`);
  return value < LIMIT ? value : fail(`${text} is out of range`);
};

// Your leaf is made from what you know yourself: your id and your balance. Only the salt is taken from the proof.
let sum = amount(balance);
let hash = sha256(Buffer.from([0, 1]), hash32(salt), sized(customer), sum16(sum));

if (!Array.isArray(path) || path.length !== commitment.depth) fail("the path has another length");
for (const sibling of path) {
  const here = Buffer.concat([hash, sum16(sum)]);
  const there = Buffer.concat([hash32(sibling.hash), sum16(amount(sibling.sum))]);
  hash = sha256(Buffer.from([1]), ...(sibling.side === "left" ? [there, here] : [here, there]));
  sum = amount(String(sum + amount(sibling.sum)));
}

const depth = Buffer.alloc(4);
depth.writeUInt32BE(commitment.depth);
const sealed = sha256(
  Buffer.from([2, 1]),
  sized(commitment.asset),
  sized(commitment.snapshot),
  depth,
  hash,
  sum16(sum),
);
if (sealed.toString("hex") !== published) fail("the published hash is another one");
console.log(`PROVED: ${balance} of ${customer} is part of ${sum} ${commitment.asset}`);
