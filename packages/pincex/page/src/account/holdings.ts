/** An order as the native API tells it. Decimals are strings. */
export interface Order {
  readonly id: string;
  readonly clientOrderId: string | null;
  readonly market: string;
  readonly side: "buy" | "sell";
  readonly type: "limit" | "market" | "market_to_limit";
  readonly timeInForce: string;
  readonly price: string | null;
  readonly quantity: string | null;
  readonly quoteQuantity: string | null;
  readonly executedQuantity: string;
  readonly executedQuoteQuantity: string;
  readonly postOnly?: "reject" | "slide";
  readonly displayQuantity?: string;
  readonly hidden?: boolean;
  readonly allOrNone?: boolean;
  readonly trigger?: "stop" | "take_profit" | "trailing_stop";
  readonly triggerPrice?: string;
  readonly trailingOffset?: string;
  readonly trailingBasisPoints?: number;
  readonly peg?: "primary" | "market" | "mid";
  readonly listId: string | null;
  readonly status: "open" | "filled" | "cancelled" | "expired" | "rejected";
  readonly state: "resting" | "waiting" | "pending";
  readonly reason: string | null;
  readonly placedAt: string;
  readonly updatedAt: string;
  readonly sequence: number;
}

export interface Fill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly market: string;
  readonly side: "buy" | "sell";
  readonly price: string;
  readonly quantity: string;
  readonly liquidity: "maker" | "taker";
  readonly fee: string;
  readonly feeAsset: string | null;
  readonly at: string;
  readonly sequence: number;
  readonly busted: boolean;
}

export interface Balance {
  readonly asset: string;
  readonly total: string;
  readonly held: string;
  readonly available: string;
}
