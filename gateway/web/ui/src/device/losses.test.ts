import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../i18n/en';
import { zh } from '../i18n/zh';
import { losses, todoOf, type Todo } from './losses';

test('losses: refusals and lost bytes that happened, most frequent first', () => {
  assert.deepEqual(losses(undefined), []);
  assert.deepEqual(
    losses({ bytes: 900, frames: 80, 'refused-bad-checksum': 2, 'refused-too-long': 0, 'line-parity': 7, lives: 3 }),
    [{ name: 'line-parity', count: 7 }, { name: 'bad-checksum', count: 2 }],
  );
});

test('what to do follows from the last error', () => {
  const rows: [string | undefined, Todo | undefined][] = [
    ['/dev/serial/by-id/usb-X: no such device; is it plugged in?', 'plug'],
    ['/dev/ttyS1: unplugged', 'plug'],
    ['/dev/ttyS1: no right to open it: add the user to group dialout', 'right'],
    ['/dev/ttyS1: open in cat (pid 9)', 'port'],
    ['no valid frame: check protocol, baud and parity', 'protocol'],
    ['the scale is silent', 'power'],
    ['tcp://10.20.1.4:2112: Connection refused', 'network'],
    ['tcp-listen://0.0.0.0:2112: no device has connected', 'network'],
    ['emergency stop', undefined],
    [undefined, undefined],
  ];
  for (const [error, want] of rows) assert.equal(todoOf(error), want, error);
});

test('every loss and every advice has words in both languages, an unknown one its name', () => {
  for (const name of ['bad-checksum', 'bad-layout', 'too-long', 'cut-short', 'control-byte', 'line-overrun', 'line-framing', 'line-parity']) {
    assert.notEqual(zh.loss(name), name);
    assert.notEqual(en.loss(name), name);
  }
  assert.equal(zh.loss('brand-new'), 'brand-new');
  assert.equal(en.loss('brand-new'), 'brand new');
  for (const todo of ['plug', 'right', 'port', 'protocol', 'power', 'network'] as const) {
    assert.notEqual(zh.todo(todo), undefined);
    assert.notEqual(en.todo(todo), zh.todo(todo));
  }
});
