import type { Passage } from '../live/words';

/** How a verdict looks and sounds. A parcel that only waits for customs is no fault and looks neutral. */
export type Look = 'release' | 'inspect' | 'hold' | 'wait';

const strictness: readonly Look[] = ['release', 'wait', 'inspect', 'hold'];

export function stricter(a: Look, b: Look): Look {
  return strictness.indexOf(a) >= strictness.indexOf(b) ? a : b;
}

export function lookOf(passage: Passage): Look {
  return passage.verdict === 'hold' && passage.class === 'wait' ? 'wait' : passage.verdict;
}
