/** The kinds of the venue's own events, as they stand in records. Below 64 are the engine's, below 128 the ledger's. */
export const VenueEventKind = {
  applied: 128,
  refused: 129,
  repeated: 130,
  assetAdded: 131,
  marketListed: 132,
  accountOpened: 133,
  feesSet: 134,
  orderNamed: 135,
  held: 136,
  tradeSettled: 137,
  rulesChanged: 138,
  accountStatusSet: 139,
  accountTierSet: 140,
  withdrawalHeld: 141,
  withdrawalEnded: 142,
  tradeBusted: 143,
  rulesRaised: 144,
} as const;

export const EVENT_VERSION = 1;
