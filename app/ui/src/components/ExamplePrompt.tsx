import type { ContentType } from '../api/types';
import { CONTENT_TYPE_TEXT } from '../lib/contentTypes';
import { Button } from './Button';

interface ExamplePromptProps {
  type: ContentType;
  onUse: (example: { title: string; prompt: string }) => void;
}

/** An example of a good request of this type, which can be copied into the form. */
export default function ExamplePrompt({ type, onUse }: ExamplePromptProps) {
  const { example } = CONTENT_TYPE_TEXT[type];
  return (
    <section aria-label="Example" className="rounded-2xl bg-sunken px-4 py-4 sm:px-5">
      <h2 className="text-sm font-semibold">An example to start from</h2>
      <p className="mt-2 font-serif text-lg leading-snug">{example.title}</p>
      <p className="mt-1 min-h-20 text-sm text-muted">{example.prompt}</p>
      <Button className="mt-3" onClick={() => onUse(example)}>
        Use example
      </Button>
    </section>
  );
}
