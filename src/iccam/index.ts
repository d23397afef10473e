export {
  createIccam,
  type DueSaying,
  type Iccam,
  type IccamReport,
  type IccamView,
} from './iccam.ts'
export { iccamHearing } from './heard.ts'
export { openIccamWay } from './line.ts'
export type { ActSettlement } from './terms.ts'
