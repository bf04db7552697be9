import { texts } from '../i18n/language';
import { contact, health, passages, primed } from '../live/feed';
import type { Lane } from '../live/words';
import { RecentTable } from './RecentTable';
import { VerdictPanel } from './VerdictPanel';

/** One lane: its newest verdict, and those before. */
export function LaneScreen({ lane, alone }: { lane: Lane; alone: boolean }) {
  const t = texts.value;
  const own = passages.value.filter((passage) => passage.lane === lane.id);
  const live = contact.value === 'live' && health.value?.ok !== false;
  const newest = own[0];
  return (
    <article class={`lane ${alone ? 'alone' : ''}`} aria-label={lane.id}>
      {alone ? null : <h1 class="lane-name">{lane.id}</h1>}
      {newest ? (
        <VerdictPanel passage={newest} scale={lane.scale} live={live} />
      ) : (
        <section class="verdict none">
          <p class="word">{primed.value ? t.emptyTitle : t.connecting}</p>
          <p class="headline">{primed.value ? t.emptyText : ''}</p>
        </section>
      )}
      {alone ? <RecentTable passages={own} sorter={lane.sorter} /> : null}
    </article>
  );
}
