import assert from 'node:assert/strict';
import { test } from 'node:test';
import { behind, clockTime, difference, gibibytes, grams, shownNumber, weightGap } from './format';
import { lookOf, stricter } from './tone';
import type { Passage } from '../live/words';

test('grams and differences', () => {
  assert.equal(grams(1284), '1,284 g');
  assert.equal(difference(6), '+6 g');
  assert.equal(difference(-1006), '−1,006 g');
  assert.equal(difference(0), '±0 g');
});

test('a disk that could not be asked has no number', () => {
  const rows: [number, string][] = [[-1, '–'], [0, '0.0 GiB'], [1610612736, '1.5 GiB']];
  for (const [bytes, want] of rows) assert.equal(gibibytes(bytes), want);
});

test('a gap needs both weights', () => {
  assert.equal(weightGap(undefined), null);
  assert.equal(weightGap({ grams: 5 }), null);
  assert.equal(weightGap({ declaredGrams: 5 }), null);
  assert.equal(weightGap({ grams: 0, declaredGrams: 5 }), -5);
});

test('times that are none say nothing', () => {
  assert.equal(clockTime('x'), '');
  assert.match(clockTime('2026-11-23T02:15:07.412Z'), /^\d\d:15:07$/);
});

test('numbers beyond the exact range of a double are still counted exactly', () => {
  assert.equal(behind('9007199254740993', '9007199254740995'), '2');
  assert.equal(behind('5', '4'), '0');
});

test('waiting for customs looks neutral, every other hold looks like one', () => {
  const of = (verdict: Passage['verdict'], name: string) => lookOf({ verdict, class: name } as Passage);
  assert.equal(of('hold', 'wait'), 'wait');
  assert.equal(of('hold', 'nodata'), 'hold');
  assert.equal(of('inspect', 'wait'), 'inspect');
  assert.equal(of('release', 'release'), 'release');
});

test('of two sounds the stricter one is heard', () => {
  assert.equal(stricter('release', 'hold'), 'hold');
  assert.equal(stricter('hold', 'release'), 'hold');
  assert.equal(stricter('wait', 'inspect'), 'inspect');
  assert.equal(stricter('release', 'wait'), 'wait');
});

test('a label cannot turn, hide or flood the text of the screen', () => {
  const rows: [string, string, string][] = [
    ['an ordinary number', 'YT8876543210987', 'YT8876543210987'],
    ['markup is text', '<b>1</b>', '<b>1</b>'],
    ['a right-to-left override', 'YT\u202E321', 'YT\uFFFD321'],
    ['nothing to be seen', 'YT\u200B1', 'YT\uFFFD1'],
    ['forty characters stand', 'x'.repeat(40), 'x'.repeat(40)],
    ['one more is cut in the middle', 'a'.repeat(26) + 'b'.repeat(3) + 'c'.repeat(12), `${'a'.repeat(26)}…${'c'.repeat(12)}`],
  ];
  for (const [why, text, want] of rows) assert.equal(shownNumber(text), want, why);
});
