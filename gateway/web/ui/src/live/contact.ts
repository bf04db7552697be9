/** After this long without a word of the gateway nothing on the screen counts as live. */
export const contactLimitMs = 3000;

export type Contact = 'connecting' | 'live' | 'lost';

/** `last`: when the gateway said something last; null when it never did. `began`: when the page began. Same clock. */
export function contactAt(now: number, last: number | null, began: number): Contact {
  const since = now - (last ?? began);
  if (since >= contactLimitMs) return 'lost';
  return last === null ? 'connecting' : 'live';
}
