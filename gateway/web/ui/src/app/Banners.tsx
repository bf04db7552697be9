import { texts } from '../i18n/language';
import { board, contact, health } from '../live/feed';
import { Banner } from '../ui/Banner';

/** The worst thing first, and only that: nobody reads two. */
export function Banners() {
  const t = texts.value;
  if (contact.value === 'lost') return <Banner tone="stop" title={t.lostTitle} text={t.lostText} />;
  const said = health.value;
  const detail = board.value?.detail || said?.detail || '';
  if (said?.mode === 'stopped' || board.value?.mode === 'stopped') return <Banner tone="stop" title={t.stoppedTitle} text={detail} />;
  if (said && !said.ok) return <Banner tone="stop" title={t.stuckTitle} text={detail} />;
  if (board.value?.mode === 'degraded') return <Banner tone="warn" title={t.degradedTitle(board.value.freshness)} />;
  if (board.value?.sync.state === 'alarm') return <Banner tone="warn" title={t.syncAlarmTitle} text={board.value.sync.detail} />;
  const down = board.value?.devices.filter(({ state }) => state === 'down') ?? [];
  if (down.length > 0) return <Banner tone="warn" title={t.downTitle} text={down.map(({ id }) => id).join('  ')} />;
  return null;
}
