interface QuotedProps {
  title: string;
  /** The rest of the sentence. */
  children: string;
}

/** A sentence that begins with a title in quotation marks. Its direction does not affect the rest. */
export function Quoted({ title, children }: QuotedProps) {
  return (
    <span>
      <span>“</span>
      <bdi>{title}</bdi>
      <span>” </span>
      <span>{children}</span>
    </span>
  );
}
