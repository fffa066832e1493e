import { secureHeaders } from "hono/secure-headers";

type Security = NonNullable<Parameters<typeof secureHeaders>[0]>;

/** Pages load and run nothing but what we serve ourselves, and stand in nobody's frame. */
const pageSecurity: Security = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    scriptSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  xFrameOptions: "DENY",
  // Other sites learn nothing. With `no-referrer` a browser would give our own forms the origin
  // `null`, and over plain HTTP that is all that tells them from another site's.
  referrerPolicy: "same-origin",
  crossOriginOpenerPolicy: "same-origin",
  crossOriginResourcePolicy: "same-origin",
  // TLS is for whoever stands in front to end, and so to require.
  strictTransportSecurity: false,
};

/** Sets the headers that keep a page harmless, whatever is shown on it. */
export const securePages = () => secureHeaders(pageSecurity);

/** For a page that shows a mail, whose HTML brings its own styles: it runs nothing at all. */
export const secureMailPages = () =>
  secureHeaders({
    ...pageSecurity,
    contentSecurityPolicy: {
      ...pageSecurity.contentSecurityPolicy,
      styleSrc: ["'self'", "'unsafe-inline'"],
      scriptSrc: ["'none'"],
    },
  });
