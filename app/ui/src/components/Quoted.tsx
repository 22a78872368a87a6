interface QuotedProps {
  title: string;
  /** How the sentence goes on. */
  children: string;
}

/** A sentence that begins with a title in quotation marks. However the title is written, it turns nothing else round. */
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
