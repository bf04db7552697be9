import { texts } from '../i18n/language';
import type { Device } from '../live/words';
import { Dot, type Tone } from '../ui/Dot';
import { losses, todoOf } from './losses';

const tones: Record<Device['state'], Tone> = { up: 'good', down: 'bad', starting: 'middle' };

/** One device in a line; opened, what is known of it: link, age, last error, what to do, what was refused and why. */
export function DeviceItem({ device }: { device: Device }) {
  const t = texts.value;
  const age = device.age_ms === undefined ? t.neverHeard : t.deviceAge(Math.round(device.age_ms / 1000));
  const todo = device.state === 'down' ? todoOf(device.error) : undefined;
  const lost = losses(device.counters);
  return (
    <li class={device.state}>
      <details name="device">
        <summary>
          <Dot tone={tones[device.state]} />
          <b>{device.id}</b> {t.device(device.state)} <span class="age">{age}</span>
          {device.error ? <span class="error">{device.error}</span> : null}
        </summary>
        <dl>
          <dt>{t.link}</dt><dd>{device.kind} · {device.link}</dd>
          <dt>{t.age}</dt><dd>{age}</dd>
          {device.error ? [<dt>{t.lastError}</dt>, <dd>{device.error}</dd>] : null}
          {todo ? [<dt>{t.whatToDo}</dt>, <dd>{t.todo(todo)}</dd>] : null}
          <dt>{t.losses}</dt>
          <dd>{lost.length === 0 ? '0' : lost.map(({ name, count }) => <div key={name}>{t.loss(name)} <small>{name}</small> {count}</div>)}</dd>
        </dl>
      </details>
    </li>
  );
}
