import './page.css';
import { computed, effect, untracked } from '@preact/signals';
import { render } from 'preact';
import { texts } from '../i18n/language';
import { alarm, play, wakeOnFirstPress } from '../lane/sound';
import { lookOf } from '../lane/tone';
import { board, contact, start, trusted } from '../live/feed';
import { App } from './App';
import { shownLane } from './place';

const alarmEveryMs = 5000;

const root = document.getElementById('app');
if (root) render(<App />, root);
wakeOnFirstPress();
start((passage) => {
  if (shownLane.value === '' || shownLane.value === passage.lane) play(lookOf(passage));
});

const site = computed(() => board.value?.site ?? '核放 Hefang');
// A page that has only just begun shows no verdict yet that anybody could go by.
const nothingToGoBy = computed(() => board.value !== null && !trusted.value && contact.value !== 'connecting');
effect(() => {
  document.title = nothingToGoBy.value ? `■ ${texts.value.voidVerdict}` : site.value;
});
effect(() => {
  if (nothingToGoBy.value) untracked(alarm);
});
setInterval(() => {
  if (nothingToGoBy.value) alarm();
}, alarmEveryMs);
