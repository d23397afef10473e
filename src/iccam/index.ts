export {
  createIccam,
  type DueSaying,
  type Iccam,
  type IccamReport,
  type IccamStatus,
  type IccamView,
} from './iccam.ts'
export { openIccamLine } from './line.ts'
export { type IccamNames, readIccamNames } from './names.ts'
export { type ActSettlement, SETTLEMENTS } from './terms.ts'
