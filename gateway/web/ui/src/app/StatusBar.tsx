import { DeviceItem } from '../device/DeviceItem';
import { texts } from '../i18n/language';
import { behind, gibibytes } from '../lane/format';
import type { Board } from '../live/words';
import { Dot, type Tone } from '../ui/Dot';

const syncTones: Record<string, Tone> = { online: 'good', connecting: 'middle', offline: 'bad', alarm: 'bad', alone: 'none' };

function SyncItem({ sync }: { sync: Board['sync'] }) {
  const t = texts.value;
  const left = behind(sync.acked, sync.last);
  return (
    <li title={sync.detail}>
      <Dot tone={syncTones[sync.state] ?? 'bad'} />
      <b>{t.sync}</b> {t.syncState(sync.state)}
      {sync.state === 'alone' ? null : (
        <span> · {t.acked} {sync.acked} / {sync.last}{left === '0' ? '' : ` · ${t.behind(left)}`}
          {sync.age_ms === undefined ? '' : ` · ${t.ago(Math.round(sync.age_ms / 1000))}`}</span>
      )}
    </li>
  );
}

export function StatusBar({ board }: { board: Board }) {
  const t = texts.value;
  const { waiting, taken, refused, parked } = board.inbox;
  return (
    <footer class="status">
      <ul aria-label={t.devices}>{board.devices.map((device) => <DeviceItem key={device.id} device={device} />)}</ul>
      <ul>
        <SyncItem sync={board.sync} />
        <li><Dot tone={refused + parked > 0 ? 'middle' : 'good'} /><b>{t.inbox}</b> {t.inboxCounts(waiting, taken, refused, parked)}</li>
        <li><Dot tone={board.clock === 'synced' ? 'good' : board.clock === 'holdover' ? 'middle' : 'bad'} /><b>{t.clock}</b> {t.clockState(board.clock)}</li>
        <li><b>{t.store}</b> {gibibytes(board.store.free_bytes)}</li>
        <li class="dim">{board.gateway} · {t.version} {board.version}</li>
      </ul>
    </footer>
  );
}
