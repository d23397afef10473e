import { type Permission, type Principal, requirePermission } from '../access/index.ts'

/** A call that is refused unless one of the caller's roles allows it. Throws FORBIDDEN. */
export function guarded<Rest extends unknown[], Result>(
  permission: Permission,
  work: (by: Principal, ...rest: Rest) => Promise<Result>,
): (by: Principal, ...rest: Rest) => Promise<Result> {
  return async (by, ...rest) => {
    requirePermission(by, permission)
    return work(by, ...rest)
  }
}
