import { texts } from '../i18n/language';
import { behind, gibibytes } from '../lane/format';
import type { Board, Device } from '../live/words';
import { Dot, type Tone } from '../ui/Dot';

const deviceTones: Record<Device['state'], Tone> = { up: 'good', down: 'bad', starting: 'middle' };
const syncTones: Record<string, Tone> = { online: 'good', connecting: 'middle', offline: 'bad', alarm: 'bad', alone: 'none' };

function DeviceItem({ device }: { device: Device }) {
  const t = texts.value;
  const age = device.age_ms === undefined ? '' : t.deviceAge(Math.round(device.age_ms / 1000));
  return (
    <li class={device.state} title={[device.kind, device.link, age, device.error].filter(Boolean).join('\n')}>
      <Dot tone={deviceTones[device.state]} />
      <b>{device.id}</b> {t.device(device.state)}
      {device.error ? <span class="error">{device.error}</span> : null}
    </li>
  );
}

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
