import './page.css';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { texts } from '../i18n/language';
import { alarm, play, wakeOnFirstPress } from '../lane/sound';
import { lookOf } from '../lane/tone';
import { board, start, trusted } from '../live/feed';
import { App } from './App';
import { shownLane } from './place';

const alarmEveryMs = 5000;

const root = document.getElementById('app');
if (root) render(<App />, root);
wakeOnFirstPress();
start((passage) => {
  if (shownLane.value === '' || shownLane.value === passage.lane) play(lookOf(passage));
});
setInterval(() => {
  if (board.value && !trusted.value) alarm();
}, alarmEveryMs);
effect(() => {
  const site = board.value?.site ?? '核放 Hefang';
  document.title = board.value && !trusted.value ? `■ ${texts.value.voidVerdict}` : site;
  if (board.value && !trusted.value) alarm();
});
