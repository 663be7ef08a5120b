/**
 * Calls the analytics as a page does: the pasted script has left `PX` on the window, or a blocker has
 * kept it away, and the shop works on.
 * @param {'track' | 'identify' | 'reset'} method
 * @param {...unknown} given
 */
export function measure(method, ...given) {
  const px = Reflect.get(window, 'PX');
  px?.[method]?.(...given);
}
