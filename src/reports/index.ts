export { readIndependence } from './independence.ts'
export { createReports, type PeriodClosing, type Reports } from './reports.ts'
export * from './report-types.ts'
