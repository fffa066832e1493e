/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";

/** Leads to the code host, in a way that tells it nothing; what it is around alone where there is none. */
export function CodeLink({ href, children }: { href: string | null | undefined; children: Child }) {
  if (!href) return <>{children}</>;
  return (
    <a href={href} rel="noreferrer">
      {children}
    </a>
  );
}
