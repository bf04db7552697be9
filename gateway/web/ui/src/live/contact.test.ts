import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contactAt, standingAt, trustworthy, type Contact } from './contact';
import type { Health } from './words';

test('after three seconds without a word nothing is live', () => {
  const rows: [string, number, number | null, boolean, string][] = [
    ['just begun', 1000, null, false, 'connecting'],
    ['never heard, almost', 3999, null, true, 'connecting'],
    ['never heard', 4000, null, true, 'lost'],
    ['just heard', 9000, 9000, true, 'live'],
    ['heard, almost too long ago', 11999, 9000, true, 'live'],
    ['heard too long ago', 12000, 9000, true, 'lost'],
    ['heard, but what was before is not known yet', 2000, 2000, false, 'connecting'],
    ['the same, almost too long', 3999, 3999, false, 'connecting'],
    ['heard, and what was before does not come', 4000, 4000, false, 'lost'],
    ['heard again, and what was missed is not known', 9000, 9000, false, 'lost'],
  ];
  for (const [why, now, last, primed, want] of rows) assert.equal(contactAt(now, last, 1000, primed), want, why);
});

test('a verdict is believed only while the gateway is heard, well and running', () => {
  const well: Health = { ok: true, mode: 'running', turn_age_ms: 5 };
  const rows: [string, Contact, Health | null, string | undefined, boolean][] = [
    ['all is well', 'live', well, 'running', true],
    ['degraded still decides', 'live', well, 'degraded', true],
    ['its board has not come yet', 'live', well, undefined, false],
    ['contact is lost', 'lost', well, 'running', false],
    ['not heard yet', 'connecting', well, 'running', false],
    ['its health is not known yet', 'live', null, 'running', false],
    ['its turn is too old', 'live', { ...well, ok: false }, 'running', false],
    ['its health says stopped', 'live', { ...well, mode: 'stopped' }, 'running', false],
    ['its board says stopped', 'live', well, 'stopped', false],
  ];
  for (const [why, contact, health, mode, want] of rows) assert.equal(trustworthy(contact, health, mode), want, why);
});

test('after twenty seconds a verdict is that of the parcel before', () => {
  assert.equal(standingAt(true, 0), 'current');
  assert.equal(standingAt(true, 19), 'current');
  assert.equal(standingAt(true, 20), 'past');
  assert.equal(standingAt(false, 0), 'void');
  assert.equal(standingAt(false, 20), 'void');
});
