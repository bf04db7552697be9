interface Props {
  tone: 'stop' | 'warn';
  title: string;
  text?: string;
}

export function Banner({ tone, title, text }: Props) {
  return (
    <div class={`banner ${tone}`} role="alert">
      <strong>{title}</strong>
      {text ? <span>{text}</span> : null}
    </div>
  );
}
