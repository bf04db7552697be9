import type { ComponentChildren } from 'preact';

interface Props {
  onPress: () => void;
  pressed?: boolean;
  label?: string;
  warn?: boolean;
  children: ComponentChildren;
}

export function Button({ onPress, pressed, label, warn, children }: Props) {
  return (
    <button type="button" class={warn ? 'button warn' : 'button'} aria-pressed={pressed} aria-label={label} onClick={onPress}>
      {children}
    </button>
  );
}
