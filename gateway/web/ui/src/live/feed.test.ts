import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Board, Fact, Health, Passage } from './words';

/** The browser as the feed sees it: its clocks, its timers, one stream, and requests that are answered when a test says. */
class Stream {
  static newest: Stream;
  static readonly CLOSED = 2;
  onopen: () => void = () => undefined;
  onerror: (failed: { target: Stream }) => void = () => undefined;
  readyState = 0;
  private readonly takes = new Map<string, (message: { data: string }) => void>();
  constructor() {
    Stream.newest = this;
  }
  addEventListener(event: string, take: (message: { data: string }) => void): void {
    this.takes.set(event, take);
  }
  close(): void {
    this.readyState = Stream.CLOSED;
  }
  says(event: string, value: unknown): void {
    this.takes.get(event)?.({ data: JSON.stringify(value) });
  }
}
const asked: { path: string; answer: (value: unknown) => void }[] = [];
const timers: (() => void)[] = [];
let tick: () => void = () => undefined;
let now = 1000;
let wall = Date.UTC(2026, 10, 23, 2, 15, 7, 900);
performance.now = () => now;
Date.now = () => wall;
Object.assign(globalThis, {
  EventSource: Stream,
  document: { addEventListener: () => undefined },
  setInterval: (run: () => void) => (tick = run),
  setTimeout: (run: () => void) => timers.push(run),
  clearTimeout: (n: number) => (timers[n - 1] = () => undefined),
  fetch: (path: string, { signal }: { signal: AbortSignal }) =>
    new Promise((resolve, reject) => {
      asked.push({ path, answer: (value) => resolve({ ok: true, json: () => Promise.resolve(value) }) });
      signal.addEventListener('abort', () => reject(new Error('too late')));
    }),
});
const { standingAt } = await import('./contact');
const feed = await import('./feed');
const heard: string[] = [];
feed.start((passage) => heard.push(passage.passage));

const well: Health = { ok: true, mode: 'running', turn_age_ms: 5 };
const board = { version: '1', mode: 'running' } as Board;
const passage = (sequence: number, id: string): Passage => ({
  sequence: String(sequence), time: '', passage: id, revision: 1, attempt: 1, lane: 'line-1', verdict: 'release',
  class: 'release', reasons: [],
});
const fact = (sequence: number, id: string): Fact => ({
  type: 'hefang.passage.decided.v1', sequence: String(sequence), time: '',
  data: { passage: id, lane: 'line-1', revision: 1, verdict: 'hold', class: 'hold', reasons: [] },
});
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));
async function answers(path: string, value: unknown): Promise<void> {
  const at = asked.findIndex((one) => one.path.startsWith(path));
  assert.ok(at >= 0, path);
  asked.splice(at, 1)[0]?.answer(value);
  await settled();
}
const shown = (): string[] => feed.passages.value.map((one) => one.passage);

test('a verdict counts once the stream is level, the board known, and what was before has come', async () => {
  Stream.newest.onopen();
  await answers('/api/v1/reasons', { reasons: [{ code: 'x', zh: '', en: '' }] });
  Stream.newest.says('health', well);
  assert.equal(feed.contact.value, 'connecting', 'level, and nothing is known of before');
  Stream.newest.says('fact', fact(5, 'b'));
  assert.deepEqual(heard, []);
  await answers('/api/v1/passages', { passages: [passage(4, 'a')] });
  assert.deepEqual(shown(), ['b', 'a']);
  assert.equal(feed.contact.value, 'live');
  assert.equal(feed.trusted.value, false, 'nobody has said yet which lanes there are');
  Stream.newest.says('board', board);
  assert.equal(feed.trusted.value, true);
  Stream.newest.says('fact', fact(6, 'c'));
  assert.deepEqual(heard, ['c']);
});

test('a stream that the page opened anew shows nothing as current before what was missed is known', async () => {
  now += 14_000;
  tick();  // silent for too long: another stream, which begins with what comes next
  Stream.newest.onopen();
  Stream.newest.says('health', well);
  assert.equal(feed.contact.value, 'lost');
  assert.equal(feed.trusted.value, false, 'a newer decision than c may have been missed');
  await answers('/api/v1/passages', { passages: [passage(7, 'd')] });
  assert.deepEqual(shown(), ['d']);
  assert.equal(feed.trusted.value, true);
});

test('a request that is never answered is asked again', async () => {
  Stream.newest.onerror({ target: Stream.newest });
  Stream.newest.onopen();
  Stream.newest.says('health', well);
  assert.equal(asked.length, 1);
  timers.at(-1)?.();  // the limit of the answer
  await settled();
  timers.at(-1)?.();  // the pause before another try
  assert.equal(asked.length, 2);
  assert.equal(feed.trusted.value, false);
  asked.shift();
  await answers('/api/v1/passages', { passages: [passage(7, 'd')] });
  assert.equal(feed.trusted.value, true);
});

test('a verdict grows old also while the wall clock goes back, and when the page takes it anew', async () => {
  const decided = { ...fact(8, 'e'), time: '2026-11-23T02:15:11.100Z' };
  const newest = (): string => {
    const [first] = feed.passages.value;
    assert.equal(first?.passage, 'e');
    return standingAt(true, feed.ageOf(first as Passage));
  };
  wall += 3250;  // a screen that rested: no tick since, the clocks are read when a fact comes
  Stream.newest.says('fact', decided);
  assert.equal(newest(), 'current');
  for (const [seconds, want] of [[19, 'current'], [1, 'past']] as const) {
    now += seconds * 1000;  // and the wall clock does not move
    tick();
    assert.equal(newest(), want, `${seconds} s more`);
  }
  Stream.newest.says('reset', {});
  await answers('/api/v1/passages', { passages: [{ ...passage(8, 'e'), time: decided.time }] });
  assert.equal(newest(), 'past');

  Stream.newest.says('fact', { ...decided, sequence: '9' });
  assert.equal(newest(), 'current');
  wall -= 3_600_000;
  tick();
  assert.equal(newest(), 'past', 'its time lies an hour ahead');
});
