import { signal } from '@preact/signals';
import { laneOf } from './address';

/** The lane that the screen shows alone, from the address (#line-1); empty: all lanes. */
export const shownLane = signal(laneOf(location.hash));

addEventListener('hashchange', () => (shownLane.value = laneOf(location.hash)));
