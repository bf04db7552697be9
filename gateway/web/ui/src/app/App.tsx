import { switchLanguage, texts } from '../i18n/language';
import { LaneScreen } from '../lane/LaneScreen';
import { soundBlocked, soundOn, toggleSound } from '../lane/sound';
import { board, contact, trusted } from '../live/feed';
import type { Lane } from '../live/words';
import { Button } from '../ui/Button';
import { Banners } from './Banners';
import { shownLane } from './place';
import { StatusBar } from './StatusBar';

function LaneTabs({ lanes, shown }: { lanes: Lane[]; shown: string }) {
  const t = texts.value;
  return (
    <nav aria-label={t.lanes}>
      {[{ id: '', name: t.allLanes }, ...lanes.map(({ id }) => ({ id, name: id }))].map(({ id, name }) => (
        <a key={id} href={`#${encodeURIComponent(id)}`} aria-current={shown === id ? 'page' : undefined}>{name}</a>
      ))}
    </nav>
  );
}

function TopBar({ lanes, shown }: { lanes: Lane[]; shown: string }) {
  const t = texts.value;
  return (
    <header class="top">
      <strong class="site">{board.value?.site ?? '核放 Hefang'}</strong>
      {lanes.length > 1 ? <LaneTabs lanes={lanes} shown={shown} /> : <span class="only-lane">{lanes[0]?.id ?? ''}</span>}
      <div class="spring"><Banners /></div>
      <span class="live-mark">{trusted.value ? `● ${t.live}` : ''}</span>
      <Button onPress={toggleSound} pressed={soundOn.value} warn={soundOn.value && soundBlocked.value}>
        {soundOn.value ? (soundBlocked.value ? t.soundBlocked : t.soundOn) : t.soundOff}
      </Button>
      <Button onPress={switchLanguage} label={t.switchLanguage}>{t.otherLanguage}</Button>
    </header>
  );
}

export function App() {
  const t = texts.value;
  const lanes = board.value?.lanes ?? [];
  const shown = lanes.some(({ id }) => id === shownLane.value) ? shownLane.value : '';
  const visible = shown ? lanes.filter(({ id }) => id === shown) : lanes;
  const hint = board.value ? t.noLanes : contact.value === 'lost' ? t.lostTitle : t.connecting;
  return (
    <>
      <TopBar lanes={lanes} shown={shown} />
      <main class={`lanes n${Math.min(visible.length, 4)} ${trusted.value ? '' : 'old'}`}>
        {visible.length === 0 ? <p class="hint">{hint}</p> : null}
        {visible.map((lane) => <LaneScreen key={lane.id} lane={lane} alone={visible.length === 1} />)}
      </main>
      {board.value ? <StatusBar board={board.value} /> : null}
    </>
  );
}
