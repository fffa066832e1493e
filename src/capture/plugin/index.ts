/**
 * The build plugin: exceptions take along the variables of the functions that they leave.
 */

export { type FlawlessPlugin, flawless } from "./build-plugin.ts";
export type { PluginOptions } from "./files.ts";
export { register } from "./register.ts";
export { type Transformed, transform } from "./transform.ts";
