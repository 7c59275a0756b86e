/** The element of the page with this id; its absence is our own mistake. */
export const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new TypeError(`expected an element #${id} in the page`);
  return found;
};

/** Writes only what differs: most redraws change few of the texts. */
export const setText = (target: Element, text: string): void => {
  if (target.textContent !== text) target.textContent = text;
};

/** Calls `draw` in the next animation frame, however often it is asked before. */
export const onNextFrame = (draw: () => void): (() => void) => {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
};
