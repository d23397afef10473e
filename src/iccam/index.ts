export {
  createIccam,
  type DueSaying,
  type Iccam,
  type IccamReport,
  type IccamView,
} from './iccam.ts'
export { openIccamLine } from './line.ts'
export { readIccamNames } from './names.ts'
export type { ActSettlement } from './terms.ts'
