const probe = document.createElement("span");
probe.hidden = true;

/** A colour of the style sheet as it is now, such as "rgb(47, 191, 143)", for what is drawn on a canvas. */
export const colour = (name: `--${string}`): string => {
  // The property itself may say one colour for light and one for dark: an element has only one of them.
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
};
