import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FirstSeen } from './firstSeen';
import type { Passage } from './words';

const decided = (sequence: number, passage = 'a'): Passage => ({ sequence: String(sequence), passage }) as Passage;

test('a decision has the age since it was first seen, whatever is shown since', () => {
  const seen = new FirstSeen();
  seen.note([decided(1)], 5900);
  const rows: [string, Passage[], number, number][] = [
    ['at once', [decided(1)], 5900, 0],
    ['seen again', [decided(1)], 25_000, 20],
    ['with another', [decided(2, 'b'), decided(1)], 26_000, 21],
    ['gone', [], 27_000, 22],
    ['come again', [decided(1)], 28_000, 23],
  ];
  for (const [why, passages, now, want] of rows) {
    seen.note(passages, now);
    assert.equal(seen.seconds(decided(1), now), want, why);
  }
  assert.equal(seen.seconds(decided(2, 'b'), 28_000), 2, 'the other has its own');
});

test('a later decision of the parcel is a new one, and so is that of another journal', () => {
  const seen = new FirstSeen();
  seen.note([decided(1)], 1000);
  seen.note([decided(2), decided(1, 'z')], 9000);
  assert.equal(seen.seconds(decided(2), 9000), 0);
  assert.equal(seen.seconds(decided(1, 'z'), 9000), 0);
  assert.equal(seen.seconds(decided(1), 9000), 8);
});

test('what is shown is never forgotten, the rest is bounded', () => {
  const seen = new FirstSeen();
  const shown = decided(1);
  for (let n = 0; n < 4095; ++n) seen.note([decided(n + 2, 'x'), shown], 1000);
  assert.equal(seen.seconds(decided(2, 'x'), 9000), 8, 'as many as are remembered');
  seen.note([decided(9999, 'x'), shown], 1000);
  assert.equal(seen.seconds(decided(2, 'x'), 9000), 0, 'one more');
  assert.equal(seen.seconds(shown, 9000), 8);
});
