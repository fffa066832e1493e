/** @jsxImportSource hono/jsx */
import { count } from "../mail/bounds.ts";

type Props = {
  /** From 1. */
  page: number;
  pages: number;
  hrefOf: (page: number) => string;
};

/** Leads to the pages of a report around the one that is shown; nothing where there is one. */
export function PageLinks({ page, pages, hrefOf }: Props) {
  if (pages === 1) return null;
  return (
    <nav class="pages" aria-label="Pages of the report">
      {page > 1 && <a href={hrefOf(page - 1)}>← Previous page</a>}
      <span class="quiet">{`Page ${count(page)} of ${count(pages)}`}</span>
      {page < pages && <a href={hrefOf(page + 1)}>Next page →</a>}
    </nav>
  );
}
