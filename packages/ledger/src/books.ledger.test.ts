import { Books } from "./books.ts";
import type { Ledger } from "./ledger.ts";
import { describeLedger } from "./testing/ledger-suite.ts";

/** Books behind the face that all ledgers have. */
class LedgerOfBooks implements Ledger {
  readonly books: Books;

  constructor(books: Books) {
    this.books = books;
  }

  openAccount: Ledger["openAccount"] = async (opening) => this.books.openAccount(opening);
  setStatus: Ledger["setStatus"] = async (account, status) => this.books.setStatus(account, status);
  post: Ledger["post"] = async (request) => this.books.post(request);
  postLinked: Ledger["postLinked"] = async (requests) => this.books.postLinked(requests);
  hold: Ledger["hold"] = async (request) => this.books.hold(request);
  release: Ledger["release"] = async (id, amount) => this.books.release(id, amount);
  expireHolds: Ledger["expireHolds"] = async (at) => this.books.expireHolds(at);
  balances: Ledger["balances"] = async () =>
    Array.from(this.books.accounts(), ({ account }) => ({
      account,
      balance: this.books.balance(account),
      held: this.books.held(account),
    }));
}

describeLedger("the books", async () => ({
  create: async () => new LedgerOfBooks(new Books()),
  reopen: async (ledger) =>
    new LedgerOfBooks(Books.restore((ledger as LedgerOfBooks).books.snapshot())),
  close: async () => {},
}));
