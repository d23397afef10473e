export * from './access.ts'
export { assertApart, assertTwoPersons } from './four-eyes.ts'
export { countInHour, type HourCount } from './hour-counts.ts'
export type { People, PersonLookUp } from './people.ts'
export {
  allows,
  HINDRA_ITSELF,
  OPERATOR,
  requireFresh,
  requirePermission,
  ROLE_PERMISSIONS,
} from './permissions.ts'
export * from './principal.ts'
export type { OpenQuotas, SharedQuotas } from './shared-quotas.ts'
