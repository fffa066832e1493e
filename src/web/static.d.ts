/** Stylesheets and the scripts of pages are imported as text. */

declare module "*.css" {
  const text: string;
  export default text;
}

declare module "*/preview-while-typing.js" {
  const text: string;
  export default text;
}
