/** Stylesheets and the scripts of pages are imported as text. */

declare module "*.css" {
  const text: string;
  export default text;
}

declare module "*/live-preview.js" {
  const text: string;
  export default text;
}

declare module "*/first-event.js" {
  const text: string;
  export default text;
}
