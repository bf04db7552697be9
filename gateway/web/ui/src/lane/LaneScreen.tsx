import { texts } from '../i18n/language';
import { standingAt } from '../live/contact';
import { passages, primed, trusted, wallNow } from '../live/feed';
import type { Lane } from '../live/words';
import { secondsSince } from './format';
import { RecentTable } from './RecentTable';
import { VerdictPanel } from './VerdictPanel';

/** One lane: its newest verdict, and those before. */
export function LaneScreen({ lane, alone }: { lane: Lane; alone: boolean }) {
  const t = texts.value;
  const own = passages.value.filter((passage) => passage.lane === lane.id);
  const newest = own[0];
  return (
    <article class={`lane ${alone ? 'alone' : ''}`} aria-label={lane.id}>
      {alone ? null : <h1 class="lane-name">{lane.id}</h1>}
      {newest ? (
        <VerdictPanel passage={newest} scale={lane.scale} standing={standingAt(trusted.value, secondsSince(newest.time, wallNow.value))} />
      ) : (
        <section class="verdict none">
          <p class="word">{primed.value ? t.emptyTitle : t.connecting}</p>
          <p class="headline">{primed.value ? t.emptyText : ''}</p>
        </section>
      )}
      <RecentTable passages={own} sorter={lane.sorter} />
    </article>
  );
}
