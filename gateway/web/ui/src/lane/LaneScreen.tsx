import { texts } from '../i18n/language';
import { shownAge, standingAt } from '../live/contact';
import { ageOf, passages, primed, trusted } from '../live/feed';
import type { Lane, Passage } from '../live/words';
import { RecentTable } from './RecentTable';
import { VerdictPanel } from './VerdictPanel';

function Newest({ passage, scale }: { passage: Passage; scale: boolean }) {
  const age = ageOf(passage);
  return <VerdictPanel passage={passage} scale={scale} standing={standingAt(trusted.value, age)} age={shownAge(age)} />;
}

/** One lane: its newest verdict, and those before. */
export function LaneScreen({ lane, alone }: { lane: Lane; alone: boolean }) {
  const t = texts.value;
  const own = passages.value.filter((passage) => passage.lane === lane.id);
  const newest = own[0];
  return (
    <article class={`lane ${alone ? 'alone' : ''}`} aria-label={lane.id}>
      {alone ? null : <h1 class="lane-name">{lane.id}</h1>}
      {newest ? (
        <Newest passage={newest} scale={lane.scale} />
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
