export const runtime = "edge";

export { POST } from "../pay/route.js";
