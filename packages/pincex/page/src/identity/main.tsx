import { render } from "preact";
import { element } from "../element.ts";
import { ThemeSwitch } from "../theme-switch.ts";
import { Identity } from "./identity.ts";
import { IdentityScreens } from "./identity-screens.tsx";
import { Route } from "./route.ts";
import { tradingAddress } from "./way-back.ts";
import { WhoIsSignedIn } from "./who-is-signed-in.tsx";

const identity = new Identity();
new ThemeSwitch(() => undefined);
for (const id of ["trade", "back"]) element(id).setAttribute("href", tradingAddress());
render(<WhoIsSignedIn identity={identity} />, element("account-menu"));
render(<IdentityScreens identity={identity} route={new Route()} />, element("identity"));
