import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contactAt, standingAt, trustworthy, type Contact } from './contact';
import type { Health } from './words';

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

test('a verdict is believed only while the gateway is heard, well and running', () => {
  const well: Health = { ok: true, mode: 'running', turn_age_ms: 5 };
  const rows: [string, Contact, Health | null, string | undefined, boolean][] = [
    ['all is well', 'live', well, 'running', true],
    ['degraded still decides', 'live', well, 'degraded', true],
    ['the board has not come yet', 'live', well, undefined, true],
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
