import { secureHeaders } from "hono/secure-headers";

type Security = NonNullable<Parameters<typeof secureHeaders>[0]>;

/** Pages load nothing but our one stylesheet, run nothing, and stand in nobody's frame. */
const pageSecurity: Security = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  xFrameOptions: "DENY",
  referrerPolicy: "no-referrer",
  crossOriginOpenerPolicy: "same-origin",
  crossOriginResourcePolicy: "same-origin",
  // TLS is for whoever stands in front to end, and so to require.
  strictTransportSecurity: false,
};

/** Sets the headers that keep a page harmless, whatever is shown on it. */
export const securePages = () => secureHeaders(pageSecurity);

/** The same for a page that shows a mail, whose HTML brings its own styles. */
export const secureMailPages = () =>
  secureHeaders({
    ...pageSecurity,
    contentSecurityPolicy: {
      ...pageSecurity.contentSecurityPolicy,
      styleSrc: ["'self'", "'unsafe-inline'"],
    },
  });
