import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laneOf } from './address';

test('an address names a lane, or none', () => {
  const rows: [string, string][] = [['', ''], ['#', ''], ['#line-1', 'line-1'], ['#%E7%BA%BF', '线'], ['#%', ''], ['#%E7', '']];
  for (const [hash, want] of rows) assert.equal(laneOf(hash), want, hash);
});
