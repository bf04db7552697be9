import { computed, effect, signal } from '@preact/signals';
import { remembered, remember } from '../ui/memory';
import { en } from './en';
import type { Texts } from './texts';
import { zh } from './zh';

export type Language = 'zh' | 'en';

export const language = signal<Language>(remembered('language') === 'en' ? 'en' : 'zh');
export const texts = computed<Texts>(() => (language.value === 'zh' ? zh : en));

export function switchLanguage(): void {
  language.value = language.value === 'zh' ? 'en' : 'zh';
  remember('language', language.value);
}

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
});
