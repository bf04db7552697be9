import type { Health } from './words';

/** After this long without a word of the gateway nothing on the screen counts as live. */
export const contactLimitMs = 3000;
/** A verdict of this age belongs to a parcel that is gone: the next one must not be taken for it. */
export const freshSeconds = 20;
/** The wall clock is read once a second: a verdict that lies further ahead of it says that the clock was set back. */
export const aheadSeconds = 2;

/** Age of a verdict in seconds: by its time and the wall clock, and since the page first saw it, by one that nobody sets. */
export interface Age {
  wall: number;
  seen: number;
}

export type Contact = 'connecting' | 'live' | 'lost';
/** What a verdict on the screen is: the parcel at hand, the one before, or nothing to go by. */
export type Standing = 'current' | 'past' | 'void';

/**
 * `last`: when the gateway said last that it is well; null when it never did. `began`: when the page began. Same clock.
 * `primed`: what was decided before this stream is known. Without it a verdict may be an old one, live as the stream is.
 */
export function contactAt(now: number, last: number | null, began: number, primed: boolean): Contact {
  const since = now - (primed && last !== null ? last : began);
  if (since >= contactLimitMs) return 'lost';
  return primed && last !== null ? 'live' : 'connecting';
}

/** Whether verdicts may be believed: the gateway is heard, has said how it is, decides, and has not stopped. */
export function trustworthy(contact: Contact, health: Health | null, mode: string | undefined): boolean {
  const decides = mode !== undefined && mode !== 'stopped';
  return contact === 'live' && health?.ok === true && health.mode !== 'stopped' && decides;
}

/** Whole seconds from then to now; negative when it lies ahead, 0 when it is no time. */
export function secondsSince(rfc3339: string, nowMs: number): number {
  const at = new Date(rfc3339).getTime();
  return Number.isNaN(at) ? 0 : Math.floor((nowMs - at) / 1000);
}

/** The age to show, never negative: the wall clock alone would make a verdict young again when it is set back. */
export const shownAge = ({ wall, seen }: Age): number => Math.max(0, wall, seen);

export function standingAt(trusted: boolean, age: Age): Standing {
  if (!trusted) return 'void';
  return age.wall >= -aheadSeconds && shownAge(age) < freshSeconds ? 'current' : 'past';
}
