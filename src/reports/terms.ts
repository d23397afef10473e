export { REPORT_NAMES, type HouseReport, type ReportName } from './report-types.ts'
export { asCsv, asPage, asPlainText } from './writing.ts'
