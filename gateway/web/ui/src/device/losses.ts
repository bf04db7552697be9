/** What a device's driver could not use, or the kernel lost on its line, since the gateway's start. */
export interface Loss {
  /** "bad-checksum" of the counter refused-bad-checksum; "line-parity" as it stands. */
  name: string;
  count: number;
}

/** The most frequent first; what never happened is left out. */
export function losses(counters: Record<string, number> | undefined): Loss[] {
  return Object.entries(counters ?? {})
    .filter(([name, count]) => count > 0 && (name.startsWith('refused-') || name.startsWith('line-')))
    .map(([name, count]) => ({ name: name.replace(/^refused-/, ''), count }))
    .sort((a, b) => b.count - a.count);
}

export type Todo = 'plug' | 'right' | 'port' | 'protocol' | 'power' | 'network';

const signs: [RegExp, Todo][] = [
  [/no right to open/, 'right'],
  [/open in |another program|in use/, 'port'],
  [/no such device|unplugged/, 'plug'],
  [/no valid frame/, 'protocol'],
  [/silent/, 'power'],
  [/refused|hung up|no answer|unreachable|no route|timed out|within the limit|has connected|reset/i, 'network'],
];

/** What to look at, by the text of the last error; undefined where nothing is known to help. */
export function todoOf(error: string | undefined): Todo | undefined {
  return signs.find(([sign]) => sign.test(error ?? ''))?.[1];
}
