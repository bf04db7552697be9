import './page.css';
import { render } from 'preact';
import { play, wakeOnFirstPress } from '../lane/sound';
import { lookOf } from '../lane/tone';
import { start } from '../live/feed';
import { App } from './App';
import { shownLane } from './place';

const root = document.getElementById('app');
if (root) render(<App />, root);
wakeOnFirstPress();
start((passage) => {
  if (shownLane.value === '' || shownLane.value === passage.lane) play(lookOf(passage));
});
