import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contactAt, secondsSince, shownAge, standingAt, trustworthy, type Contact } from './contact';
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

test('a time that is none has no age, one that lies ahead a negative one', () => {
  assert.equal(secondsSince('x', 0), 0);
  assert.equal(secondsSince('2026-11-23T02:15:07.000Z', Date.UTC(2026, 10, 23, 2, 15, 9, 999)), 2);
  assert.equal(secondsSince('2026-11-23T02:15:07.000Z', Date.UTC(2026, 10, 23, 2, 15, 4)), -3);
});

test('after twenty seconds a verdict is that of the parcel before', () => {
  const rows: [string, boolean, number, number, string, number][] = [
    ['decided now', true, 0, 0, 'current', 0],
    ['almost old', true, 19, 19, 'current', 19],
    ['old', true, 20, 20, 'past', 20],
    ['old before the page began', true, 20, 0, 'past', 20],
    ['the clock went back a little, it was seen long ago', true, 0, 20, 'past', 20],
    ['the clock went back a little, it was seen just now', true, 0, 19, 'current', 19],
    ['its time may lie ahead within a turn of the clock', true, -2, 0, 'current', 0],
    ['its time lies ahead: the clock went back', true, -3, 0, 'past', 0],
    ['an hour back', true, -3600, 25, 'past', 25],
    ['not to be believed', false, 0, 0, 'void', 0],
    ['not to be believed, and old', false, 20, 20, 'void', 20],
  ];
  for (const [why, believed, wall, seen, want, age] of rows) {
    assert.equal(standingAt(believed, { wall, seen }), want, why);
    assert.equal(shownAge({ wall, seen }), age, why);
  }
});
