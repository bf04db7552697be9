import type { Look } from './tone';

/** Circle, triangle, octagon, square: told apart without colour. */
export function Shape({ look }: { look: Look }) {
  return (
    <svg class="shape" viewBox="0 0 100 100" aria-hidden="true">
      {look === 'release' ? (
        <>
          <circle cx="50" cy="50" r="46" />
          <path class="mark" d="M27 52l16 17 31-36" />
        </>
      ) : look === 'inspect' ? (
        <>
          <path d="M50 6L97 92H3z" stroke-linejoin="round" />
          <path class="mark" d="M50 38v24M50 74v4" />
        </>
      ) : look === 'hold' ? (
        <>
          <path d="M31 4h38l27 27v38L69 96H31L4 69V31z" />
          <path class="mark" d="M28 50h44" />
        </>
      ) : (
        <>
          <rect x="8" y="8" width="84" height="84" rx="10" />
          <path class="mark" d="M50 28v24l15 12" />
        </>
      )}
    </svg>
  );
}
