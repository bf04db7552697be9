import type { Passage } from './words';

const remembered = 4096;  // decisions; beyond it those are forgotten that are no longer shown

const keyOf = (passage: Passage): string => `${passage.sequence} ${passage.passage}`;
/** Whole seconds, as milliseconds: the screen's clocks go by the second. */
export const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** When the page first saw a decision, by a clock that nobody sets. Also one that went away and comes again is not new. */
export class FirstSeen {
  private readonly at = new Map<string, number>();

  note(passages: readonly Passage[], now: number): void {
    for (const passage of passages) {
      const key = keyOf(passage);
      if (!this.at.has(key)) this.at.set(key, wholeSecond(now));
    }
    if (this.at.size <= remembered) return;
    const shown = new Set(passages.map(keyOf));
    for (const key of this.at.keys()) if (!shown.has(key)) this.at.delete(key);
  }

  /** Whole seconds from then to `now`; none for one that was never noted. */
  seconds(passage: Passage, now: number): number {
    const since = this.at.get(keyOf(passage));
    return since === undefined ? 0 : Math.floor((now - since) / 1000);
  }
}
