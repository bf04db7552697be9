import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contactAt } from './contact';

test('after three seconds without a word nothing is live', () => {
  const rows: [string, number, number | null, string][] = [
    ['just begun', 1000, null, 'connecting'],
    ['never heard, almost', 3999, null, 'connecting'],
    ['never heard', 4000, null, 'lost'],
    ['just heard', 9000, 9000, 'live'],
    ['heard, almost too long ago', 11999, 9000, 'live'],
    ['heard too long ago', 12000, 9000, 'lost'],
  ];
  for (const [why, now, last, want] of rows) assert.equal(contactAt(now, last, 1000), want, why);
});
