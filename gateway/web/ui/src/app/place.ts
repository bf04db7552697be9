import { signal } from '@preact/signals';

/** The lane that the screen shows alone, from the address (#line-1); empty: all lanes. */
export const shownLane = signal(decodeURIComponent(location.hash.slice(1)));

addEventListener('hashchange', () => (shownLane.value = decodeURIComponent(location.hash.slice(1))));
