/** A state by colour and by shape: ● good, ▲ in between, ■ bad. */
export type Tone = 'good' | 'middle' | 'bad' | 'none';

const marks: Record<Tone, string> = { good: '●', middle: '▲', bad: '■', none: '○' };

export function Dot({ tone }: { tone: Tone }) {
  return (
    <span class={`dot ${tone}`} aria-hidden="true">
      {marks[tone]}
    </span>
  );
}
