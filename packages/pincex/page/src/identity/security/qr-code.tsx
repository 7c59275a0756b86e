import { toSvgPath } from "lean-qr/extras/svg";
import { generate } from "lean-qr/nano";
import type { JSX } from "preact";

/** The empty border that readers need around a code, in modules. */
const QUIET_ZONE = 4;

/** A QR code, dark on white in both themes: many readers take no other. */
export const QrCode = ({ text, label }: { text: string; label: string }): JSX.Element => {
  const code = generate(text);
  const size = code.size + 2 * QUIET_ZONE;
  return (
    <svg
      class="qr-code"
      role="img"
      aria-label={label}
      viewBox={`${-QUIET_ZONE} ${-QUIET_ZONE} ${size} ${size}`}
      shape-rendering="crispEdges"
    >
      <path d={toSvgPath(code)} />
    </svg>
  );
};
