import { texts } from '../i18n/language';
import { kept } from '../live/passages';
import type { Passage } from '../live/words';
import { clockTime, difference, shownNumber, weightGap } from './format';
import { Shape } from './Shape';
import { lookOf } from './tone';
import { reasonText } from './VerdictPanel';

function Result({ passage, sorter }: { passage: Passage; sorter: boolean }) {
  const t = texts.value;
  if (!sorter) return <td class="dim">–</td>;
  if (!passage.actuated) return <td class="dim">{t.pending}</td>;
  const { result, actual } = passage.actuated;
  const wrong = result !== 'diverted' || (actual !== undefined && passage.chute !== undefined && actual !== passage.chute);
  return <td class={wrong ? 'wrong' : ''}>{t.actuation(result)}{wrong && actual !== undefined ? ` → ${actual}` : ''}</td>;
}

function Row({ passage, sorter }: { passage: Passage; sorter: boolean }) {
  const t = texts.value;
  const look = lookOf(passage);
  const gap = weightGap(passage.weight);
  return (
    <tr>
      <td class="time">{clockTime(passage.time)}</td>
      <td class={`short ${look}`}><Shape look={look} />{t[look]}</td>
      <td class="code">{passage.waybill ? shownNumber(passage.waybill) : t.noBarcode}{passage.revision > 1 ? <sup title={t.revision(passage.revision)}>{passage.revision}</sup> : null}</td>
      <td class="why" title={passage.reasons.map(reasonText).join('\n')}>{passage.reasons[0] ? reasonText(passage.reasons[0]) : ''}</td>
      <td class="gap">{gap === null ? '–' : difference(gap)}</td>
      <Result passage={passage} sorter={sorter} />
    </tr>
  );
}

/** Always as many rows as it may get, so that nothing moves when parcels come. */
export function RecentTable({ passages, sorter }: { passages: readonly Passage[]; sorter: boolean }) {
  const t = texts.value;
  const empty = Array.from({ length: Math.max(0, kept - passages.length) });
  return (
    <section class="recent" aria-label={t.recent} tabIndex={0}>
      <table>
        <thead>
          <tr><th class="time">{t.time}</th><th class="short">{t.verdict}</th><th class="code">{t.waybill}</th><th class="why">{t.reason}</th><th class="gap">{t.difference}</th><th class="result">{t.result}</th></tr>
        </thead>
        <tbody>
          {passages.map((passage) => <Row key={passage.passage} passage={passage} sorter={sorter} />)}
          {empty.map((_, n) => <tr key={n} class="empty"><td colSpan={6}>&nbsp;</td></tr>)}
        </tbody>
      </table>
    </section>
  );
}
