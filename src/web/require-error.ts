import { HttpError } from "../http/http-error.ts";
import type { ErrorDetail, Store } from "../store/store.ts";

/** The error of an id that somebody sent. @throws {HttpError} 404 when there is none */
export async function requireError(
  store: Pick<Store, "errorDetail">,
  id: string,
): Promise<ErrorDetail> {
  const detail = /^[0-9a-f]{16}$/.test(id) ? await store.errorDetail(id) : null;
  if (!detail) throw new HttpError("not_found", { message: "there is no such error" });
  return detail;
}
