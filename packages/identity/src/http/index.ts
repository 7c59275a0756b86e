export { type AddressBookPorts, addressBookRoutes } from "./address-book-routes.ts";
export { answered, refusedAnswer } from "./answer.ts";
export {
  createIdentityHandler,
  type IdentityHandler,
  type IdentityHandlerOptions,
} from "./identity-handler.ts";
export type { IdentityRequest, IdentityResponse } from "./identity-request.ts";
export {
  type IdentityListenerOptions,
  type NodeListener,
  toIdentityListener,
} from "./node-listener.ts";
export { type ErasurePolicy, ownDataRoutes } from "./own-data-routes.ts";
export {
  type Call,
  deleteSignedIn,
  getSignedIn,
  post,
  postSignedIn,
  type Route,
  type RouteAnswer,
  type RouteHandler,
  type SessionCall,
} from "./route.ts";
export { sessionCookies } from "./sessions-in-cookies.ts";
export { staffRoutes } from "./staff-routes.ts";
