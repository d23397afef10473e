export {
  REPORT_NAMES,
  ROW_READS,
  type HouseReport,
  type ReportCell,
  type ReportName,
} from './report-types.ts'
export { REPORTS } from './declared.ts'
export { groupName } from './group-words.ts'
export {
  asCsv,
  asPage,
  asPlainText,
  besideText,
  bodyOf,
  captionOf,
  cellText,
  headOf,
  meaningOf,
  REPORT_FORMATS,
} from './writing.ts'
