import assert from 'node:assert/strict';
import { test } from 'node:test';
import { after, kept, merged, passageOf, type Passages } from './passages';
import type { Fact } from './words';

const decided = (sequence: number, passage: string, more: Record<string, unknown> = {}): Fact => ({
  type: 'hefang.passage.decided.v1',
  sequence: String(sequence),
  time: '2026-11-23T02:15:07.412Z',
  data: { passage, lane: 'line-1', revision: 1, verdict: 'release', class: 'release', reasons: ['customs-released'], ...more },
});
const actuated = (passage: string, result: string): Fact => ({
  type: 'hefang.passage.actuated.v1', sequence: '9', time: '', data: { passage, result, revision: 1, actual: 2 },
});
const all = (...facts: Fact[]): Passages => facts.reduce(after, [] as Passages);

test('the newest decision is first, by number and not by text', () => {
  assert.deepEqual(all(decided(9, 'a'), decided(10, 'b')).map((p) => p.passage), ['b', 'a']);
  assert.deepEqual(all(decided(10, 'b'), decided(9, 'a')).map((p) => p.passage), ['b', 'a']);
});

test('a later revision replaces the earlier one, in whatever order they come', () => {
  const first = decided(1, 'a'), second = decided(2, 'a', { revision: 2, verdict: 'hold', class: 'hold' });
  for (const known of [all(first, second), all(second, first), all(first, second, first)]) {
    assert.equal(known.length, 1);
    assert.equal(known[0]?.verdict, 'hold');
    assert.equal(known[0]?.revision, 2);
  }
});

test('an actuation belongs to its passage only', () => {
  const known = all(decided(1, 'a'), decided(2, 'b'), actuated('a', 'missed'), actuated('z', 'lost'));
  assert.equal(known.find((p) => p.passage === 'a')?.actuated?.result, 'missed');
  assert.equal(known.find((p) => p.passage === 'b')?.actuated, undefined);
});

test('what became of a passage stays known when it is decided again', () => {
  const known = all(decided(1, 'a'), actuated('a', 'diverted'), decided(3, 'a', { revision: 2, verdict: 'hold' }));
  assert.equal(known[0]?.revision, 2);
  assert.equal(known[0]?.actuated?.result, 'diverted');
});

test('each lane keeps its own newest', () => {
  const facts = Array.from({ length: kept + 5 }, (_, n) => decided(n + 2, `p${n}`));
  const known = all(decided(1, 'other', { lane: 'line-2' }), ...facts);
  assert.equal(known.filter((p) => p.lane === 'line-1').length, kept);
  assert.equal(known.filter((p) => p.lane === 'line-2').length, 1);
});

test('what the server remembers joins what was heard', () => {
  const heard = all(decided(5, 'a', { revision: 2 })), remembered = all(decided(3, 'a'), decided(4, 'b'));
  assert.deepEqual(merged(heard, remembered).map((p) => [p.passage, p.revision]), [['a', 2], ['b', 1]]);
});

test('facts that cannot be understood change nothing', () => {
  for (const fact of [
    decided(1, 'a', { verdict: 'maybe' }), decided(1, 'a', { lane: 3 }), decided(1, 'a', { reasons: 'x' }),
    { ...decided(1, 'a'), type: 'hefang.device.lost.v1' },
  ]) {
    assert.equal(passageOf(fact), null);
    assert.deepEqual(all(fact), []);
  }
});

test('a parcel that was here before says so', () => {
  assert.equal(passageOf(decided(1, 'a', { attempt: 3 }))?.attempt, 3);
  assert.equal(passageOf(decided(1, 'a'))?.attempt, 1);
});

test('no customs status gets onto the screen', () => {
  const passage = passageOf(decided(1, 'a', { why: { status: '502' }, what: { waybill: 'YT1' } }));
  assert.equal(JSON.stringify(passage).includes('502'), false);
  assert.equal(passage?.waybill, 'YT1');
});
