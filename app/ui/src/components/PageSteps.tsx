import { Button } from './Button';

interface Pages {
  page: number;
  totalPages: number;
}

/** Links to newer and older pages of a list; nothing if there is only one page. */
export function PageSteps({ label = 'Pages', pages: { page, totalPages }, onPage }: { label?: string; pages: Pages; onPage: (page: number) => void }) {
  if (totalPages <= 1) return null;
  return (
    <nav aria-label={label} className="mt-3 flex items-center justify-between gap-3">
      <Button disabled={page <= 1} onClick={() => onPage(page - 1)}>
        Newer
      </Button>
      <p className="text-sm text-muted">{`Page ${page} of ${totalPages}`}</p>
      <Button disabled={page >= totalPages} onClick={() => onPage(page + 1)}>
        Older
      </Button>
    </nav>
  );
}
