import type { ComponentChildren } from 'preact';

interface Props {
  onPress: () => void;
  pressed?: boolean;
  label?: string;
  warn?: boolean;
  children: ComponentChildren;
}

export function Button({ onPress, pressed, label, warn, children }: Props) {
  // A scanner that types ends each number with Enter: what a pointer pressed must not be pressed again by it.
  const press = (event: MouseEvent): void => {
    if (event.detail > 0) (event.currentTarget as HTMLElement).blur();
    onPress();
  };
  return (
    <button type="button" class={warn ? 'button warn' : 'button'} aria-pressed={pressed} aria-label={label} onClick={press}>
      {children}
    </button>
  );
}
