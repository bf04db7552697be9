import { signal } from '@preact/signals';
import { remember, remembered } from '../ui/memory';
import { type Look, stricter } from './tone';

export const soundOn = signal(remembered('sound') === 'on');
/** True while the browser keeps the page silent until someone presses something. */
export const soundBlocked = signal(false);

interface Tone {
  hertz: number;
  seconds: number;
  pause: number;
  times: number;
  wave: OscillatorType;
}

// Told apart by pitch and by rhythm: one high, two middle, three low, one soft; the alarm is long and rough.
const tones: Record<Look | 'alarm', Tone> = {
  release: { hertz: 1040, seconds: 0.12, pause: 0, times: 1, wave: 'sine' },
  inspect: { hertz: 660, seconds: 0.14, pause: 0.08, times: 2, wave: 'triangle' },
  hold: { hertz: 220, seconds: 0.2, pause: 0.08, times: 3, wave: 'square' },
  wait: { hertz: 440, seconds: 0.16, pause: 0, times: 1, wave: 'sine' },
  alarm: { hertz: 330, seconds: 0.5, pause: 0.1, times: 2, wave: 'sawtooth' },
};
const loudness = 0.25;
const gatherMs = 60;  // verdicts that come within it make one sound: the strictest
let gathered: Look | null = null;

let audio: AudioContext | null = null;

function ready(): AudioContext {
  audio ??= new AudioContext();
  void audio.resume().then(() => (soundBlocked.value = audio?.state !== 'running'));
  soundBlocked.value = audio.state !== 'running';
  return audio;
}

export function play(look: Look): void {
  if (gathered === null) {
    setTimeout(() => {
      if (gathered) sound(gathered);
      gathered = null;
    }, gatherMs);
  }
  gathered = gathered === null ? look : stricter(gathered, look);
}

/** Nothing on the screen may be believed. */
export function alarm(): void {
  sound('alarm');
}

function sound(name: Look | 'alarm'): void {
  if (!soundOn.value) return;
  const context = ready();
  if (context.state !== 'running') return;  // an old tone must not sound later
  const tone = tones[name];
  for (let n = 0; n < tone.times; ++n) {
    const from = context.currentTime + n * (tone.seconds + tone.pause);
    const oscillator = new OscillatorNode(context, { type: tone.wave, frequency: tone.hertz });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(loudness, from + 0.01);
    gain.gain.setValueAtTime(loudness, from + tone.seconds - 0.02);
    gain.gain.linearRampToValueAtTime(0, from + tone.seconds);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(from);
    oscillator.stop(from + tone.seconds);
  }
}

export function toggleSound(): void {
  if (soundOn.value && soundBlocked.value) {
    ready();
    return;
  }
  soundOn.value = !soundOn.value;
  remember('sound', soundOn.value ? 'on' : 'off');
  if (soundOn.value) play('release');
}

/** With a remembered "on", the first press anywhere wakes the sound. */
export function wakeOnFirstPress(): void {
  if (!soundOn.value) return;
  ready();
  addEventListener('pointerdown', () => ready(), { once: true });
  addEventListener('keydown', () => ready(), { once: true });
}
