import { bulkLayer } from "./bulk-layer.ts";
import type { Contestant } from "./contestant.ts";
import { objectsBooks } from "./objects-books.ts";
import { hftLimitOrderBooks, nodejsOrderBooks } from "./package-books.ts";
import { primitiveLayer } from "./primitive-layer.ts";

/** What ours is compared with. */
export const peers: readonly Contestant[] = [nodejsOrderBooks, hftLimitOrderBooks, objectsBooks];

/** In the order in which they take turns. */
export const contestants: readonly Contestant[] = [bulkLayer, primitiveLayer, ...peers];
